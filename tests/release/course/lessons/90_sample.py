# %% [markdown]
# # Sample: codes and bytes
#
# What does a weight cost when it is stored as a whole number?
#
# After this you can turn real numbers into codes, and say how many bytes they take.
# 10 minutes · 10 points.

# %%
import numpy as np

import quizlib
from quizlib import check, hint

quizlib.begin("90-sample")

# %% [markdown]
# ## Bytes
#
# A dtype fixes how many bytes one number takes.

# %%
np.zeros(3, dtype=np.float16).nbytes

# %% question: smallest-dtype

# %% question: float-bytes

# %% [markdown]
# ## Exercise 90.1 · Round to codes (5 points)
#
# Write `quantize_codes(x, scale)`: divide `x` by `scale`, round to the nearest whole number, clamp to −128 … 127, and return int8.
# For `x = [0.6, -100.0]` and `scale = 0.5` the codes are `[1, -128]`.

# %% setup: quantize-codes


# %%
def quantize_codes(x: np.ndarray, scale: float) -> np.ndarray:
    """Return the int8 codes of `x` on a grid of step `scale`, shape of `x`."""
    ### BEGIN SOLUTION
    nearest_codes = np.round(x / scale)
    return np.clip(nearest_codes, -128, 127).astype(np.int8)
    ### END SOLUTION


# %%
quantize_codes(weights[:4], 0.5)

# %%
check("quantize-codes", quantize_codes)

# %% [markdown]
# ## Exercise 90.2 · Count the bytes (2 points)
#
# Set `sizes` to a dict of the bytes that `weights` takes as `"float32"` and as `"int8"`.

# %% setup: size-table

# %%
# One entry for each dtype, in bytes.
### BEGIN SOLUTION
sizes = {dtype: weights.astype(dtype).nbytes for dtype in ("float32", "int8")}
### END SOLUTION

# %%
check("size-table", sizes)

# %% [markdown]
# ## Summary
#
# A code of 8 bits takes a quarter of the bytes of a float32.
