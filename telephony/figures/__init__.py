"""The figures that the centre is judged by (R14, R15): what counts as what, and how it is said.

One definition for the wallboard, for alerts and for reports: the view ``counted_calls`` says what each call
counts as, `Tally` makes rates of the counts, `definitions` puts it into words.
"""

from telephony.figures.reading import day_of, month_of, tally
from telephony.figures.tally import Tally
from telephony.figures.words import definitions

__all__ = ["Tally", "day_of", "definitions", "month_of", "tally"]
