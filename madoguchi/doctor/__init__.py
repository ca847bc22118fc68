"""``madoguchi doctor``: looks at everything that a centre needs, and says how to mend what is not right.

It changes nothing, and works with any part of the centre down: it reads files and asks each part itself.
"""

from madoguchi.doctor.examination import examine
from madoguchi.doctor.finding import Finding, Health

__all__ = ["Finding", "Health", "examine"]
