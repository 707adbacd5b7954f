"""The course directory that `quizlib course DIR` makes: the one owner of everything that is known of it.

`course` gives the places; `student_id` says which names of students nbgrader takes; `state` the releases that were
given out; `secret` what private probes are drawn from; `keys` what is kept of a release to judge it by; `settings` how
nbgrader is configured there, with the `course_id` and the `gradebook_url`; `gradebook` opens it; `nbgrader_log` reads
why nbgrader failed.

Nothing here knows how a lesson is written, released or graded.
"""
