"""Items: the questions and exercises of a course, as validated data."""
