"""The batch: a class is graded, judged again and reported on, each student behind a guard of their own."""
