"""Evidence: plain data taken from a response, written by the kernel and read as hostile bytes.

`values` says what plain data is; `encode` makes it from live objects; `files` carries it
across the boundary as one JSON and one safetensors file; `probe` says what to collect and `collect` does it.
This package needs NumPy and safetensors only: it is all of the library that a grading kernel uses.
"""
