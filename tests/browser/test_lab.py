"""A learner in JupyterLab: everything here is typed and clicked in the page, as a learner would."""

import re

from playwright.sync_api import expect


def test_untouched_lesson_runs_to_its_end_and_says_what_is_not_answered(finished, lesson):
    finished.show(lesson.question.check, "run-all")

    expect(finished.card(lesson.question.check)).to_contain_text("Not answered yet")
    unwritten = f"{lesson.exercise.variable} returns None whatever it is given"
    expect(finished.card(lesson.exercise.check)).to_contain_text(unwritten)


def test_learner_answers_a_question_wrongly_then_rightly_and_sees_the_cards(finished, lesson):
    question = lesson.question
    card = finished.card(question.check)

    answer(finished, question, question.wrong, "question-wrong")
    expect(card).to_contain_text("Not right yet")
    expect(card).to_contain_text("Likely cause:")

    answer(finished, question, question.right, "question-right")
    expect(card).to_contain_text("Correct")
    expect(card).to_contain_text(f"{question.points} of {question.points} point")


def test_learner_writes_a_wrong_function_then_a_right_one_and_earns_full_points(finished, lesson):
    exercise = lesson.exercise
    card = finished.card(exercise.check)

    answer(finished, exercise, exercise.wrong, "exercise-wrong")
    expect(card).to_contain_text("Likely cause:")

    answer(finished, exercise, exercise.right, "exercise-right")
    expect(card).to_contain_text("Correct")
    expect(card).to_contain_text(f"{exercise.points} of {exercise.points} point")


def test_every_word_of_a_card_can_be_read_in_both_themes(finished, lesson):
    answer(finished, lesson.question, lesson.question.right)
    answer(finished, lesson.exercise, lesson.exercise.wrong)

    for theme in ("JupyterLab Dark", "JupyterLab Light"):
        finished.choose("Settings", "Theme", theme)
        finished.page.wait_for_function("name => document.body.dataset.jpThemeName == name", arg=theme)
        for item in (lesson.question, lesson.exercise):
            finished.show(item.check, f"{item.check}-{theme.split()[1].lower()}")
            contrasts = finished.contrasts(item.check)
            assert len(contrasts) > 5
            assert [(text, round(value, 1)) for text, value in contrasts if value < 4.5] == []


def test_check_cell_run_before_its_answer_gives_a_sentence_and_no_traceback(notebook, lesson):
    exercise = lesson.exercise

    notebook.run("begin")
    notebook.run(exercise.check)
    notebook.show(exercise.check, "out-of-order")

    said = notebook.output(exercise.check)
    expect(said).to_have_text(re.compile(rf"^\s*NameError: {exercise.variable} is not defined yet: run the cell above"))
    expect(said).not_to_contain_text("Traceback")


def test_hint_typed_into_a_cell_shows_one_more_each_time(notebook, lesson):
    cell = lesson.question.answer

    notebook.run("begin")
    notebook.write(cell, f'hint("{lesson.exercise.check}")')
    notebook.run(cell)
    expect(notebook.card(cell)).to_contain_text("Hint 1 of")
    notebook.run(cell)
    notebook.show(cell, "hint")

    expect(notebook.card(cell)).to_contain_text("Hint 2 of")


def answer(notebook, item, source, screenshot=None):
    """Type an answer in its cell, run that cell and the check."""
    notebook.write(item.answer, source)
    notebook.run(item.answer)
    notebook.run(item.check)
    if screenshot:
        notebook.show(item.check, screenshot)
