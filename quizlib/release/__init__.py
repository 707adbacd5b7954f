"""Release: derive notebooks and items from the course as it is written, and let nothing secret go along."""
