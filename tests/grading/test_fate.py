from quizlib.grading.fate import Fate


def test_half_a_character_in_a_kernels_message_spoils_no_verdict():
    fate = Fate(status="error", sentence="ValueError: \ud83d and 🙂")
    assert fate.sentence == "ValueError: ? and 🙂"
    assert Fate.model_validate_json(fate.model_dump_json()) == fate
