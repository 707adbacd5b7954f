import numpy as np
import pytest
import torch

from quizlib import zoo
from quizlib.errors import FactError
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import CaseEvidence
from quizlib.judging.facts.registry import FactContext
from tests.judging.facts.models import dense, fact, holding

ORIGIN = "digits_residual"


def buffers_of(rule=torch.round, shape=(-1,)):
    """Return the stem of the residual model as the buffers `codes` and `scale`."""
    weight = zoo.digits_residual().stem.weight.detach()
    scale = weight.abs().amax(1, keepdim=True) / 127
    codes = rule(weight / scale).to(torch.int8)
    return {"stem.codes": dense(codes.numpy()), "stem.scale": dense(scale.reshape(shape).numpy())}


@pytest.mark.parametrize("shape", [(-1,), (-1, 1)])
def test_buffers_rounded_to_nearest_are_half_a_step_off(shape):
    error = fact(
        "buffer_error_in_steps", holding(**buffers_of(shape=shape)), FactContext(), layer="stem", origin=ORIGIN
    )
    assert 0.45 < error < 0.501


def test_buffers_rounded_down_are_a_step_off():
    assert (
        fact("buffer_error_in_steps", holding(**buffers_of(torch.floor)), FactContext(), layer="stem", origin=ORIGIN)
        > 0.9
    )


def test_buffers_need_a_scale_above_zero_and_codes_of_the_weights_shape():
    parts = buffers_of()
    idle = {**parts, "stem.scale": dense(np.zeros(64, np.float32))}
    with pytest.raises(FactError, match="not above zero"):
        fact("buffer_error_in_steps", holding(**idle), FactContext(), layer="stem", origin=ORIGIN)
    narrow = {**parts, "stem.codes": dense(np.ones((64, 3), np.int8))}
    with pytest.raises(FactError, match=r"should have shape \(64, 64\)"):
        fact("buffer_error_in_steps", holding(**narrow), FactContext(), layer="stem", origin=ORIGIN)


class CodedLinear(torch.nn.Module):
    """A layer of one's own, as a learner would write it; `adds_bias` says whether the bias is used."""

    def __init__(self, layer, adds_bias=True):
        super().__init__()
        scale = layer.weight.detach().abs().amax(1) / 127
        self.register_buffer("codes", torch.round(layer.weight.detach() / scale[:, None]).to(torch.int8))
        self.register_buffer("scale", scale)
        self.bias = layer.bias
        self.adds_bias = adds_bias

    def forward(self, x):
        summed = x @ (self.codes * self.scale[:, None]).T
        return summed + self.bias if self.adds_bias else summed


@pytest.mark.parametrize("adds_bias", [True, False])
def test_outputs_are_compared_with_those_of_the_buffers(adds_bias):
    model = zoo.digits_residual()
    model.stem = CodedLinear(model.stem, adds_bias)
    x = torch.from_numpy(zoo.load_digits().x_val[:8])
    context = FactContext(ProbeCase("case", (encode(x),)), None, CaseEvidence("case", encode(model(x))))

    error = fact("error_of_buffers", encode(model), context, layers=["stem"], origin=ORIGIN)
    assert (error < 1e-4) is adds_bias


def test_scale_over_half_of_255_steps_is_known_by_its_size():
    def off(quant_max, **settings):
        model, settings = holding(**buffers_of()), {"layer": "stem", "quant_max": quant_max, **settings}
        return fact("buffer_scale_off", model, FactContext(), origin=ORIGIN, **settings)

    assert off(127) < 1e-6
    assert off(127, is_signed=True) > 1
    assert off(127.5) == pytest.approx(0.5 / 127, rel=1e-3)


def test_scales_of_columns_are_told_from_those_of_rows():
    def off(axis, **settings):
        weight = zoo.digits_residual().stem.weight.detach()
        parts = {**buffers_of(), "stem.scale": dense((weight.abs().amax(axis) / 127).numpy())}
        settings = {"layer": "stem", "quant_max": 127, "origin": ORIGIN, **settings}
        return fact("buffer_scale_off", holding(**parts), FactContext(), **settings)

    assert off(0, is_by_column=True) < 1e-6
    assert off(1, is_by_column=True) > 0.1
    assert off(0) > 0.1


def wrapped(codes, divisor):
    weight = zoo.digits_residual().stem.weight.detach()
    scale = weight.abs().amax(1) / divisor
    parts = {"stem.codes": dense(codes(weight / scale[:, None]).to(torch.int8).numpy())}
    model = holding(**parts, **{"stem.scale": dense(scale.numpy())})
    return fact("wrapped_share", model, FactContext(), layer="stem", origin=ORIGIN)


def test_codes_that_wrapped_around_are_told_from_clamped_and_other_ones():
    assert wrapped(lambda steps: steps.round().to(torch.int32), 200) == 1.0
    assert wrapped(lambda steps: steps.round().clamp(-128, 127), 200) == 0.0
    assert wrapped(lambda steps: steps.round(), 127) == 0.0
    assert wrapped(lambda steps: torch.zeros_like(steps), 127) == 0.0


def test_rows_of_the_weight_are_known_again_whatever_was_done_to_them():
    torch.manual_seed(0)

    def like(change):
        buffers = buffers_of()
        codes = torch.from_numpy(buffers["stem.codes"].values)
        held = holding(**{**buffers, "stem.codes": dense(change(codes).to(torch.int8).numpy())})
        return fact("buffer_row_likeness", held, FactContext(), layer="stem", origin=ORIGIN)

    assert like(lambda codes: codes.flip(0)) > 0.99
    assert like(lambda codes: codes.T) > 0.5
    assert like(lambda codes: codes.clamp(-15, 15)) > 0.8
    assert like(lambda codes: torch.randint(-127, 127, codes.shape)) < 0.6
    assert like(torch.zeros_like) == 0
