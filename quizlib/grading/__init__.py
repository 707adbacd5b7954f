"""Grading a class: nbgrader's own converters, with our steps in their lists.

submission -> `admission` (a notebook that can be graded) -> `execution` (a kernel that leaves evidence) -> `judge`
(verdicts from a clean process) -> `results` (nbgrader's gradebook, records and feedback); `batch` does so for a class,
through `processes` that are asked and answer. `config` puts the steps in place, so that plain `nbgrader autograde`,
formgrader's button and `quizlib grade` take this one path. What several rooms speak of lies beside them.
"""
