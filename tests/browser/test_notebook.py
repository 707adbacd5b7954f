"""The same notebook in Notebook 7."""

import pytest
from playwright.sync_api import expect

from tests.browser.servers import running


@pytest.fixture
def address(learner_folder, tmp_path_factory):
    """Return the address of a Notebook 7 on the learner's folder."""
    with running("notebook", learner_folder, tmp_path_factory.mktemp("notebook-home")) as address:
        yield address


def test_learner_answers_a_question_in_notebook_7_and_sees_the_card(address, open_copy, lesson):
    question = lesson.question
    notebook = open_copy(address, "notebooks")

    notebook.run("begin")
    notebook.write(question.answer, question.right)
    notebook.run(question.answer)
    notebook.run(question.check)
    notebook.show(question.check, "notebook-7")

    expect(notebook.card(question.check)).to_contain_text("Correct")
