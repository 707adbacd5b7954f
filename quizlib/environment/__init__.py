"""What the course needs of a machine, and what it finds there."""
