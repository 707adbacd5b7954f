"""Execution: a submission runs in a kernel, and leaves evidence and outputs within their caps."""
