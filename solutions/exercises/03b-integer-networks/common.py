"""What several exercises of 03b-integer-networks share."""

import numpy as np
import torch

from quizlib.authoring.draws import NO_FLOOR
from quizlib.zoo import eager


def beyond_float32(generator, inputs=1600):
    """Return a layer with one odd sum above 2**24, which no float32 holds, and a bias beyond 16 bits."""
    q_x = generator.integers(100, 128, (1, inputs)).astype(np.int8)
    q_w = generator.integers(110, 128, (1, inputs)).astype(np.int8)
    q_x[0, 0] = 127  # odd, so that the weight beside it decides whether the sum is
    q_w[0, 0] = 111 + int(q_x.astype(int)[0, 1:] @ q_w.astype(int)[0, 1:]) % 2
    return q_x, 0, q_w, np.array([2 * generator.integers(20_000, 400_000)], np.int32)


# 1070 products of 124 and 127, and one of 1 and 125: all are multiples of 4 but the last, so that float32 loses the
# same 1 in whatever order it adds them.
ODD_CODES = np.append(np.full(1070, 124), 1).astype(np.int8)
ODD_WEIGHTS = np.append(np.full(1070, 127), 125).astype(np.int8)


def torch_rows(weight, bits):
    """Return the codes and the scales that torch's observer and fake quantization find for each output of a layer."""
    largest = 2 ** (bits - 1) - 1
    watching = eager.PerChannelMinMaxObserver(
        ch_axis=0,
        dtype=torch.qint8,
        qscheme=torch.per_channel_symmetric,
        quant_min=-largest,
        quant_max=largest,
        eps=NO_FLOOR,
    )
    watching(weight)
    scales = watching.calculate_qparams()[0]
    zero_points = torch.zeros(len(scales), dtype=torch.int32)
    on_grid = torch.fake_quantize_per_channel_affine(weight, scales, zero_points, 0, -largest, largest)
    return (on_grid / scales.reshape([-1] + [1] * (weight.ndim - 1))).round().to(torch.int8), scales


def torch_model_codes(model, bits):
    found = {"codes": {}, "scales": {}}
    for name, module in model.named_modules():
        if isinstance(module, torch.nn.Conv2d | torch.nn.Linear):
            codes, scales = torch_rows(module.weight.detach(), bits)
            found["codes"][f"{name}.weight"] = codes
            found["scales"][f"{name}.weight"] = scales
    return found
