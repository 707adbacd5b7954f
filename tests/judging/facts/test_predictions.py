import numpy as np
import pytest
import torch
from torch import nn

from quizlib import zoo
from quizlib.errors import FactError
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import CaseEvidence, Plain, ZooModel
from quizlib.judging.facts.predictions import error_of_stored
from quizlib.judging.facts.registry import FactContext
from tests.judging.facts.models import changed_mlp, fact


def logits_of(model, split="test"):
    digits = zoo.load_digits()
    with torch.no_grad():
        return model(torch.from_numpy(getattr(digits, f"x_{split}"))).numpy(), getattr(digits, f"y_{split}")


@pytest.mark.parametrize("split", ["test", "val"])
def test_accuracy_is_that_of_the_model_itself(split):
    model = changed_mlp(lambda named: named["hidden2.weight"].mul_(torch.rand(128, 256) > 0.7))
    logits, labels = logits_of(model, split)

    assert fact("accuracy", model, split=split) == np.mean(logits.argmax(1) == labels)


def test_agreement_is_with_the_original():
    model = changed_mlp(lambda named: named["hidden2.weight"].mul_(torch.rand(128, 256) > 0.7))
    expected = np.mean(logits_of(model)[0].argmax(1) == logits_of(zoo.build("digits_mlp"))[0].argmax(1))

    assert fact("agreement", model) == expected
    assert fact("agreement", zoo.build("digits_mlp")) == 1.0


@pytest.mark.parametrize("name", ["digits_cnn", "digits_mlp_keras"])
def test_accuracy_of_the_other_architectures(name):
    context = FactContext(ProbeCase("public-0", (ZooModel(name),)))

    assert fact("accuracy", encode(zoo.build(name)), context) > 0.95


def test_accuracy_of_a_quantized_model_is_that_of_its_real_weights():
    from torchao.quantization import Int8WeightOnlyConfig, quantize_

    model = zoo.build("digits_mlp")
    quantize_(model, Int8WeightOnlyConfig())
    real = changed_mlp(
        lambda named: [named[name].copy_(w.dequantize()) for name, w in model.named_parameters() if "weight" in name]
    )
    logits, labels = logits_of(real)

    assert fact("accuracy", model) == np.mean(logits.argmax(1) == labels)


def test_architecture_is_the_zoos_whatever_the_model_computes():
    class Cheat(nn.Module):
        def __init__(self):
            super().__init__()
            for name, layer in zoo.build("digits_mlp").named_children():
                setattr(self, name, layer)

        def forward(self, x):
            return torch.zeros(len(x), 10)

    assert fact("accuracy", Cheat()) == fact("accuracy", zoo.build("digits_mlp"))


def called(model: nn.Module, x: torch.Tensor, output: torch.Tensor | None = None) -> tuple[Plain, FactContext]:
    got = model(x) if output is None else output
    return encode(model), FactContext(ProbeCase("case", (encode(x),)), None, CaseEvidence("case", encode(got)))


def test_error_of_stored_is_rounding_alone_for_a_float_model():
    model, context = called(zoo.digits_mlp(), torch.rand(5, 64, generator=torch.manual_seed(0)))
    assert error_of_stored(model, context, origin="digits_mlp") < 1e-5


def test_error_of_stored_is_the_largest_difference():
    x = torch.zeros(2, 64)
    moved = zoo.digits_mlp()(x).detach() + torch.tensor([[0.0] * 9 + [0.25], [0.0] * 10])
    model, context = called(zoo.digits_mlp(), x, moved)
    assert error_of_stored(model, context, origin="digits_mlp") == pytest.approx(0.25, abs=1e-5)


def test_error_of_stored_refuses_outputs_of_another_shape():
    model, context = called(zoo.digits_mlp(), torch.zeros(2, 64), torch.zeros(2, 3))
    with pytest.raises(FactError, match=r"shape \(2, 10\), found \(2, 3\)"):
        error_of_stored(model, context, origin="digits_mlp")


def test_error_of_stored_needs_a_model_that_was_called():
    with pytest.raises(FactError, match="called on a case"):
        error_of_stored(encode(zoo.digits_mlp()), FactContext(), origin="digits_mlp")
