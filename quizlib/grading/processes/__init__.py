"""The grader's own processes: how one is started, asked and ended, and what is said between them."""
