"""Judging: evidence in, verdict out; pure, with no learner code and no display."""
