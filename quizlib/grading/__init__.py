"""Grading a class: nbgrader's own converters, with our steps in their lists.

submission -> `admission` (a notebook that can be graded) -> `execution` (a kernel that leaves evidence)
-> `verdict_cells` (verdicts from a clean process) -> nbgrader's gradebook and feedback. `config` puts the steps in
place, so that plain `nbgrader autograde`, formgrader's button and `quizlib grade` take this one path.
"""
