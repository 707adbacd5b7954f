"""The learner's side: one verb to check, one for a hint."""
