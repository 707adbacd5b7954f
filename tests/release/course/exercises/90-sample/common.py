"""What the two exercises of the sample lesson share."""

SETUP = """\
import numpy as np

weights = np.linspace(-1, 1, 1000, dtype=np.float32)  # 1,000 weights of a layer
"""
