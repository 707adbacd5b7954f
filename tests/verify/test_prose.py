from pathlib import Path

from quizlib.authoring.course import Lesson
from quizlib.verify.prose import prose_problems


def lesson(tmp_path: Path, text: str, **numbers):
    path = tmp_path / "90_sample.py"
    path.write_text("# %% [markdown]\n" + "\n".join(f"# {line}" for line in text.split("\n")) + "\n")
    return Lesson("90-sample", path, numbers={name: lambda value=value: value for name, value in numbers.items()})


def test_computed_numbers_and_definitions_pass(tmp_path):
    text = "A float32 takes `4 bytes`, and the model has {{weights:,}} of them in 3 layers."
    assert prose_problems(lesson(tmp_path, text, weights=50826)) == []


def test_a_measurement_that_is_typed_is_found(tmp_path):
    assert prose_problems(lesson(tmp_path, "It ran 2.8 × faster.")) == [
        "the text types the measurement '2.8 ×'; compute it."
    ]


def test_a_number_that_nobody_computes_is_found(tmp_path):
    assert "asks for the number 'weights'" in prose_problems(lesson(tmp_path, "It has {{weights}} weights."))[0]


def test_a_number_that_the_text_does_not_ask_for_is_found(tmp_path):
    assert "weights is computed" in prose_problems(lesson(tmp_path, "It has weights.", weights=3))[0]


def test_totals_may_be_asked_for_and_need_nobody_to_compute_them(tmp_path):
    assert prose_problems(lesson(tmp_path, "It has {{points}} points.")) == []


def test_a_reference_to_an_item_that_is_not_there_is_found(tmp_path):
    assert "no such item" in prose_problems(lesson(tmp_path, "See {{exercise:to-csr}}."))[0]
