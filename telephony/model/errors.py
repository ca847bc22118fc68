"""What the model refuses. Nothing has changed when one of these is raised."""


class ModelError(Exception):
    """The model refuses; the message is one sentence for the person who asked."""


class IllegalEvent(ModelError):
    """The event has no place in the present state: there is no such row in ``table``."""


class UnknownAgent(ModelError):
    """No operator of this name is on the roster."""


class UnknownQueue(ModelError):
    """No queue of this name is in the plan."""


class BrokenTable(Exception):
    """A handler led a call to a state that its row does not allow: a fault in the model itself."""
