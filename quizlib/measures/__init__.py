"""Measures of pruned and quantized models: sizes, zeros, grids, errors, MACs, time, accuracy.

They take NumPy arrays and know nothing of quizzes; torch is only imported by those that take a torch module.
"""

from quizlib.measures.accuracy import accuracy, agreement, perplexity
from quizlib.measures.integer_grid import (
    codebook_size,
    codes_used,
    entropy_bits,
    integer_range,
    saturated_fraction,
)
from quizlib.measures.latency import Latency, latency_ms
from quizlib.measures.macs import conv2d_macs, conv2d_output_shape, linear_macs
from quizlib.measures.masks import (
    global_magnitude_agreement,
    is_mask,
    leftover_wrappers,
    magnitude_agreement,
    mask_violations,
    retained_energy,
)
from quizlib.measures.module_macs import ModuleMacs, module_macs
from quizlib.measures.module_sizes import file_size_bytes, parameter_count, state_dict_size_bytes
from quizlib.measures.pareto import is_pareto_optimal
from quizlib.measures.reconstruction import (
    max_abs_error,
    max_error_steps,
    mean_squared_error,
    sqnr_db,
)
from quizlib.measures.scaling import PowerLaw, loglog_slope
from quizlib.measures.sizes import (
    bits_per_element,
    clustered_size_bytes,
    compressed_size_bytes,
    named_size_bytes,
    packed_size_bytes,
    quantized_size_bytes,
    size_bytes,
)
from quizlib.measures.sparse_sizes import bitmask_size_bytes, coo_size_bytes, csr_size_bytes, n_m_size_bytes
from quizlib.measures.sparsity import global_sparsity, layer_sparsity, nonzeros, sparsity
from quizlib.measures.structure import block_sparsity, channel_sparsity, is_n_m_sparse, n_m_violations, zero_channels
from quizlib.measures.symmetric_grid import quantize_symmetric

__all__ = [
    "Latency",
    "ModuleMacs",
    "PowerLaw",
    "accuracy",
    "agreement",
    "bitmask_size_bytes",
    "bits_per_element",
    "block_sparsity",
    "channel_sparsity",
    "clustered_size_bytes",
    "codebook_size",
    "codes_used",
    "compressed_size_bytes",
    "conv2d_macs",
    "conv2d_output_shape",
    "coo_size_bytes",
    "csr_size_bytes",
    "entropy_bits",
    "file_size_bytes",
    "global_magnitude_agreement",
    "global_sparsity",
    "integer_range",
    "is_mask",
    "is_n_m_sparse",
    "is_pareto_optimal",
    "latency_ms",
    "layer_sparsity",
    "leftover_wrappers",
    "linear_macs",
    "loglog_slope",
    "magnitude_agreement",
    "mask_violations",
    "max_abs_error",
    "max_error_steps",
    "mean_squared_error",
    "module_macs",
    "n_m_size_bytes",
    "n_m_violations",
    "named_size_bytes",
    "nonzeros",
    "packed_size_bytes",
    "parameter_count",
    "perplexity",
    "quantize_symmetric",
    "quantized_size_bytes",
    "retained_energy",
    "saturated_fraction",
    "size_bytes",
    "sparsity",
    "sqnr_db",
    "state_dict_size_bytes",
    "zero_channels",
]
