# ---
# about: codes, and the bytes that they take
# ---

# %% [markdown]
# # Sample: codes and bytes
#
# What does a weight cost when it is stored as a whole number?
#
# After this you can turn real numbers into codes, and say how many bytes they take.
# 10 minutes · {{points}} points.

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

# %% exercise: quantize-codes

# %% [markdown]
# Write `quantize_codes(x, scale)`: divide `x` by `scale`, round to the nearest whole number, clamp to −128 … 127, and return int8.
# For `x = [0.6, -100.0]` and `scale = 0.5` the codes are `[1, -128]`.


# %%
def quantize_codes(x: np.ndarray, scale: float) -> np.ndarray:
    """Return the int8 codes of `x` on a grid of step `scale`, shape of `x`."""
    ### BEGIN SOLUTION
    nearest_codes = np.round(x / scale)
    return np.clip(nearest_codes, -128, 127).astype(np.int8)
    ### END SOLUTION


# %%
quantize_codes(weights[:4], 0.5)

# %% exercise: size-table

# %% [markdown]
# Set `sizes` to a dict of the bytes that `weights` takes as `"float32"` and as `"int8"`.

# %%
# One entry for each dtype, in bytes.
### BEGIN SOLUTION
sizes = {dtype: weights.astype(dtype).nbytes for dtype in ("float32", "int8")}
### END SOLUTION

# %% [markdown]
# ## Summary
#
# A code of 8 bits takes a quarter of the bytes of a float32.
