import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.utils import parametrize, prune

from quizlib import zoo
from quizlib.errors import QuizError
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import KerasModel, ZooModel
from quizlib.judging.facts.arrays import stored
from quizlib.judging.facts.registry import FactContext, FactError
from tests.judging.facts.models import changed_mlp, coded, dense, fact, holding


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


def with_weight(value):
    tensors = dict(stored(encode(zoo.build("digits_mlp"))))
    return holding(**{**tensors, "output.bias": value})


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (dense(np.zeros(3)), "has shape"),
        (dense(np.zeros(10), np.int8), "has dtype int8"),
        (dense(np.full(10, 1e300), np.float64), "beyond the range of float32"),
        (coded(np.zeros((2, 5)), [[1.0]]), "has shape"),
    ],
)
def test_weight_that_does_not_fit_the_architecture_is_told_in_words(value, told):
    with pytest.raises(QuizError, match=told):
        fact("accuracy", with_weight(value))


def test_weights_whose_logits_overflow_are_told_in_words():
    model = changed_mlp(lambda named: [named[name].fill_(3e38) for name in ("hidden1.weight", "hidden2.weight")])

    with pytest.raises(QuizError, match="NaN or infinite"):
        fact("accuracy", model)


def test_model_that_lacks_weights_cannot_be_rebuilt():
    with pytest.raises(FactError, match=r"the model has no hidden1\.bias, .*; it cannot be rebuilt"):
        fact("accuracy", holding(**{"output.bias": dense(np.zeros(10))}))


def test_traces_of_pruning_are_hook_original_and_mask():
    model = zoo.build("digits_mlp")
    assert fact("pruning_leftovers", model) == 0
    prune.l1_unstructured(model.hidden1, "weight", amount=0.5)
    assert fact("pruning_leftovers", model) == 3
    prune.remove(model.hidden1, "weight")
    assert fact("pruning_leftovers", model) == 0
    parametrize.register_parametrization(model.hidden1, "weight", nn.Identity())
    assert fact("pruning_leftovers", model) == 1


def test_training_mode_is_reported():
    assert fact("is_training", nn.Linear(1, 1).train()) is True
    assert fact("is_training", nn.Linear(1, 1).eval()) is False


@pytest.mark.parametrize("name", ["pruning_leftovers", "is_training"])
@pytest.mark.parametrize("value", [None, KerasModel(())])
def test_what_is_no_torch_model_is_told_in_words(name, value):
    with pytest.raises(FactError, match="expected a torch model"):
        fact(name, value)
