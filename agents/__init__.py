"""Who answers: the roster, accounts and sessions, the desk's WebSocket and the HTTP interface.

Stands on ``telephony`` and knows a call only as `telephony.views` shows it.
"""
