"""What several exercises of 03-quantization share."""

import numpy as np
import torch

from quizlib.authoring.draws import NO_FLOOR, shuffled_signs
from quizlib.zoo import eager


def torch_per_channel(w, axis, bits):
    largest = 2 ** (bits - 1) - 1
    watching = eager.PerChannelMinMaxObserver(
        ch_axis=axis,
        dtype=torch.qint8,
        qscheme=torch.per_channel_symmetric,
        quant_min=-largest,
        quant_max=largest,
        eps=NO_FLOOR,
    )
    weights = torch.tensor(np.asarray(w, np.float32))
    watching(weights)
    scales = watching.calculate_qparams()[0]
    is_empty = weights.abs().amax([i for i in range(weights.ndim) if i != axis]) == 0
    scales = torch.where(is_empty, torch.ones_like(scales), scales)
    zero_points = torch.zeros(len(scales), dtype=torch.int32)
    on_grid = torch.fake_quantize_per_channel_affine(weights, scales, zero_points, axis, -largest, largest)
    by_channel = scales.reshape([-1 if i == axis else 1 for i in range(weights.ndim)])
    return (on_grid / by_channel).round().to(torch.int8).numpy(), by_channel.numpy()


def uneven_weights(generator, shape, axis, bits):
    """Return weights whose channels along `axis` differ much in size, none near a tie."""
    largest = 2 ** (bits - 1) - 1
    lengths = [shape[axis] if i == axis else 1 for i in range(len(shape))]
    scales = np.geomspace(0.001, 0.5, shape[axis])[generator.permutation(shape[axis])].reshape(lengths)
    codes = generator.integers(-largest + 1, largest, size=shape) + generator.uniform(-0.4, 0.4, shape)
    first = tuple(slice(None) if i == axis else 0 for i in range(len(shape)))
    codes[first] = largest * shuffled_signs(generator, shape[axis])  # each reaches an end of its grid, some the lower
    return (codes * scales).astype(np.float32)


def with_halves(generator, rows, size):
    """Return rows of 4-bit weights halfway between two codes: each row ends at a code of 7, and its scale is exact."""
    halves = np.stack([generator.permutation(np.arange(-6, 6))[: size - 1] + 0.5 for _ in range(rows)])
    halves[:, :2] = generator.permuted(np.array([[0.5, -1.5]] * rows), axis=1)  # to the even one, down and up
    codes = np.concatenate([halves, np.full((rows, 1), 7.0)], axis=1)
    return (codes * 2.0 ** -generator.integers(1, 9, (rows, 1))).astype(np.float32)
