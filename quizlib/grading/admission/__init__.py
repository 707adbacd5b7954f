"""Admission: what was handed in becomes a notebook of ours, rebuilt from regular files, and nothing else gets in."""
