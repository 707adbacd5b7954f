from quizlib.authoring import Case, ExerciseSpec, exactly


def counted_steps(examples, batch_size, epochs, begin_step, end_step, frequency):
    """The oracle goes through the training batch by batch, as the wrapper does."""
    counter, renewed = 0, []
    for _ in range(epochs):
        for _ in range(0, examples, batch_size):
            counter += 1
            is_in_range = counter >= begin_step and (end_step < 0 or counter <= end_step)
            if is_in_range and (counter - begin_step) % frequency == 0:
                renewed.append(counter)
    return renewed


def drawn_trainings(generator):
    """Draw trainings whose lists have the same lengths in every draw, though all numbers are others."""

    def number(low, high):
        return int(generator.integers(low, high))

    batch, per_epoch, frequency = number(20, 40), number(14, 21), number(4, 7)
    examples = batch * per_epoch
    some_more = examples + number(1, batch // 2 - 1)  # the last batch is not half full
    rest = number(0, frequency)
    begin = 2 * per_epoch - 3 * frequency - rest
    off_begin = begin - int(begin % frequency == 0)  # no multiple of the frequency
    one_epoch = batch * (4 * frequency + rest)
    return [
        Case("typical", examples, batch, 2, begin, -1, frequency),
        Case("typical", examples, batch, 3, 3 * per_epoch - 5 * frequency - rest, -1, frequency),
        Case("partial", some_more, batch, 2, 2 * (per_epoch + 1 - frequency), -1, frequency),
        Case("partial", batch // 3, batch, 3, 1, -1, 1),
        Case("first", one_epoch, batch, 1, 0, -1, frequency),
        Case("first", 7 * batch, batch, 1, 0, -1, 1),
        Case("begin", batch * (off_begin + 2 * frequency), batch, 1, off_begin, -1, frequency),
        Case("begin", examples, batch, 2, begin, -1, 2 * per_epoch + 1),
        Case("end", examples, batch, 2, 2, 2 + 3 * frequency, frequency),
        Case("end", examples, batch, 2, 3, 2 + 2 * frequency, frequency),
        Case("end", one_epoch, batch, 1, rest + 1, 9 * frequency, frequency),
        Case("end", examples, batch, 2, per_epoch - 1, per_epoch - 1 + 2 * frequency, frequency),
        Case("none", examples, batch, 1, 0, -1, per_epoch + number(1, 80)),
        Case("none", examples, batch, 2, 2 * per_epoch + number(1, 9), -1, 1),
    ]


EXERCISE = ExerciseSpec(
    title="At which steps are the masks renewed?",
    response="function",
    setup="""\
digits_run = dict(examples=1077, batch_size=64, epochs=2)
""",
    hints=(
        "An epoch has `-(-examples // batch_size)` steps: the last batch may be a small one.",
        "The counter shows 1 at the first step of the training; it never shows 0.",
        "`range(start, stop, frequency)` lists them; think about where it starts with `begin_step=0`.",
    ),
    criteria=(
        exactly("typical", "Every `frequency` steps from `begin_step` on, to the end of the training", points=2),
        exactly("partial", "A last batch that is not full makes a step"),
        exactly("first", "With `begin_step=0` the first time is step `frequency`"),
        exactly("begin", "They are counted from `begin_step`"),
        exactly("end", "`end_step` itself counts, and nothing after it", points=2),
        exactly(
            "none",
            "A training that is too short renews nothing",
            beside=("typical", "partial", "first", "begin", "end"),
        ),
    ),
    reference=counted_steps,
    public=(
        Case("typical", 640, 64, 3, 5, -1, 7),
        Case("typical", 1080, 60, 2, 12, -1, 6),
        Case("partial", 1077, 64, 2, 26, -1, 4),
        Case("partial", 70, 64, 3, 1, -1, 1),
        Case("partial", 5, 64, 2, 1, -1, 1),
        Case("first", 1080, 60, 2, 0, -1, 8),
        Case("first", 200, 50, 1, 0, -1, 1),
        Case("begin", 1080, 60, 2, 7, -1, 5),
        Case("begin", 1080, 60, 2, 3, -1, 11),
        Case("end", 1080, 60, 2, 4, 16, 4),
        Case("end", 1080, 60, 2, 4, 15, 4),
        Case("end", 1080, 60, 1, 2, 90, 5),
        Case("none", 1080, 60, 2, 0, -1, 100),
        Case("none", 640, 64, 1, 11, -1, 1),
    ),
    private=drawn_trainings,
)
