"""Verify: every key is proved by execution, every grader by right and wrong attempts."""
