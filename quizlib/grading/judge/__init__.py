"""The judge: its own process, which holds the keys, draws the probes and reads the evidence."""
