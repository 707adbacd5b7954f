collect_ignore = ["course"]  # course files, run as lessons and attempts; no tests are in them
