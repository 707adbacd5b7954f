"""Results: verdicts become cells, scores in nbgrader's gradebook, a record, and a page of feedback."""
