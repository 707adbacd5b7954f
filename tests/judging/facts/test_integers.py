import pytest
import torch

from quizlib import zoo
from quizlib.errors import FactError
from quizlib.evidence.encode import encode
from quizlib.evidence.probe import ProbeCase
from quizlib.evidence.values import CaseEvidence, ZooModel
from quizlib.judging.facts.registry import FactContext
from quizlib.zoo import eager
from tests.judging.facts.converted import IMAGES, QCONFIG, converted
from tests.judging.facts.models import fact

SERVED = torch.from_numpy(zoo.load_digits().images("val")[:12])


def off(model, gave, name="digits_cnn", x=SERVED):
    case = ProbeCase("a", (ZooModel(name),), called_with=(encode(x),))
    called = CaseEvidence("a", encode(gave))
    context = FactContext.of(case, CaseEvidence("a", encode(model)), CaseEvidence("a", None, called=called), {})
    return fact("called_off_integers", model, context)


def test_a_converted_model_gives_what_its_integers_give():
    model = converted()

    with torch.no_grad():
        assert off(model, model(SERVED)) <= 1


def test_rows_in_which_a_processor_may_lose_sums_of_products_are_left_out():
    eight_bits = QCONFIG._replace(activation=eager.MinMaxObserver.with_args(dtype=torch.quint8))
    model = converted(qconfig=eight_bits)
    dim = SERVED / 4  # no code of theirs is above 129
    mixed = torch.cat([SERVED[:6], dim[6:]])

    with torch.no_grad():
        logits = model(mixed)
        assert off(model, logits, x=mixed) <= 1
        assert off(model, torch.cat([logits[:6] + 5, logits[6:]]), x=mixed) <= 1
        assert off(model, torch.cat([logits[:6], logits[6:] + 5]), x=mixed) > 10


def test_a_model_of_which_no_row_is_sure_is_not_measured():
    model = converted(qconfig=QCONFIG._replace(activation=eager.MinMaxObserver.with_args(dtype=torch.quint8)))

    with torch.no_grad(), pytest.raises(FactError, match="activation codes above 129"):
        off(model, model(SERVED))


def test_batch_norms_that_were_not_folded_are_computed_too():
    model = converted(blocks=[])

    with torch.no_grad():
        assert off(model, model(SERVED)) <= 2


def test_logits_of_another_model_or_of_codes_alone_are_off():
    model = converted()

    with torch.no_grad():
        logits = model(SERVED)
        assert off(model, zoo.digits_cnn().eval()(SERVED)) > 0.2
        assert off(model, logits.relu()) > 20
        assert off(model, logits.flip(0)) > 20


def test_codes_count_as_what_they_stand_for():
    model = converted()
    model.dequant = torch.nn.Identity()

    with torch.no_grad():
        assert off(model, model(SERVED)) <= 1


def residual(sum_of):
    given = zoo.digits_residual()

    class Quantizable(torch.nn.Module):
        def __init__(self):
            super().__init__()
            self.quant, self.dequant = eager.QuantStub(), eager.DeQuantStub()
            self.stem, self.stem_relu = given.stem, torch.nn.ReLU()
            self.first, self.first_relu = given.block.first, torch.nn.ReLU()
            self.second, self.output = given.block.second, given.output
            self.add = eager.FloatFunctional()

        def forward(self, x):
            h = self.stem_relu(self.stem(self.quant(x)))
            branch = self.second(self.first_relu(self.first(h)))
            return self.dequant(self.output(sum_of(self.add, h, branch)))

    fused = eager.fuse_modules(Quantizable().eval(), [["stem", "stem_relu"], ["first", "first_relu"]])
    fused.qconfig = QCONFIG
    observed = eager.prepare(fused)
    with torch.no_grad():
        observed(IMAGES.flatten(1))
        return eager.convert(observed)


@pytest.mark.parametrize(
    ("sum_of", "is_right"),
    [
        (lambda add, h, branch: add.add_relu(h, branch), True),
        (lambda add, h, branch: add.add_relu(branch, branch), False),
        (lambda add, h, branch: add.add(h, branch), False),
    ],
)
def test_the_sum_of_a_residual_block_is_that_of_the_architecture(sum_of, is_right):
    model, x = residual(sum_of), SERVED.flatten(1)

    with torch.no_grad():
        found = off(model, model(x), "digits_residual", x)
    assert found <= 2 if is_right else found >= 10


def test_a_model_without_codes_cannot_be_computed():
    float_model = zoo.digits_cnn().eval()

    with torch.no_grad(), pytest.raises(FactError, match="stored as integer codes"):
        off(float_model, float_model(SERVED))
