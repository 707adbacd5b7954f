"""Sentences that belong to practice: what is still to be done, and what a grading will do besides.

A grading tells a verdict for the end; there `quizlib.display` leaves them away.
"""

OTHER_INPUTS = "In a class, grading calls it with other inputs, too."
OTHER_DIGITS = "In a class, grading measures it on other digits."
"""What is said of full marks in practice, where a grading looks at more."""

YET = " yet."
WRITE_BODY = ": write its body, and end it with a return."
"""How the summary of what is not answered ends."""
