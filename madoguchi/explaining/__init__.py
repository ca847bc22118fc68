"""What would happen to a call: the model itself, run on a call that nobody placed."""

from madoguchi.explaining.explanation import Asked, Explanation, explain

__all__ = ["Asked", "Explanation", "explain"]
