import pytest

from quizlib.errors import EvidenceError
from quizlib.evidence.values import Evidence
from quizlib.items.question import Question
from quizlib.items.released import QuestionSheet
from quizlib.judging.judge import judge, probe_of

SHEET = QuestionSheet(
    Question(id="why-quantize", revision=2, lesson="01-overview", points=1, kind="number", stem="How many?")
)


def test_probe_of_a_question_asks_for_the_answer_and_holds_nothing_else():
    probe = probe_of(SHEET)

    assert (probe.item, probe.revision, probe.kind, probe.variable) == ("why-quantize", 2, "answer", "why_quantize")
    assert probe.cases == ()


@pytest.mark.parametrize("evidence", [Evidence("other-item", 2, 4), Evidence("why-quantize", 1, 4)])
def test_evidence_of_another_item_or_revision_is_not_judged(evidence):
    with pytest.raises(EvidenceError, match="cannot be judged by why-quantize, revision 2"):
        judge(SHEET, evidence)


def test_evidence_of_this_revision_is_judged():
    assert judge(SHEET, Evidence("why-quantize", 2, 4)).status == "recorded"
