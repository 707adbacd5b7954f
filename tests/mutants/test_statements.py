from tests.mutants.making import mutants, new

LOOP = """
def answer(rows):
    total = 0
    for row in rows:
        total += row
    return total
"""

GUARD = """
def answer(bits):
    if bits < 2:
        raise ValueError(f"bits is {bits}")
    return f(bits)
"""


def labels(source, **fields):
    return {mutant.label for mutant in mutants(source, "a", **fields)}


def test_assignment_is_left_out_only_where_the_name_has_a_value():
    source = "def answer(x):\n    y = f(x)\n    x = g(x)\n    return x + y"
    found = labels(source)

    assert "line 3: without `x = g(x)`" in found
    assert "line 2: without `y = f(x)`" not in found


def test_assignment_to_a_part_of_an_object_is_left_out():
    assert "line 2: without `x.bits = 8`" in labels("def answer(x):\n    x.bits = 8\n    return f(x)")


def test_call_is_left_out_as_a_statement():
    assert "line 2: without `x.sort()`" in labels("def answer(x):\n    x.sort()\n    return f(x)")


def test_sum_is_counted_the_other_way_or_not_counted():
    assert {"total -= row", "total = row"} < new(LOOP, "a")


def test_loop_is_left_out_ends_early_and_misses_its_ends():
    assert {
        "line 3: without the loop over `rows`",
        "line 3: the loop ends after its first round",
        "line 3: the loop leaves out its last round",
        "line 3: the loop leaves out its first round",
        "line 3: returned inside the loop",
    } < labels(LOOP)


def test_guard_is_always_taken_never_taken_and_turned_round():
    source = "def answer(x):\n    if x == 0:\n        return 1.0\n    return f(x)"

    assert {
        "line 2: `if x == 0` always taken",
        "line 2: `if x == 0` never taken",
        "line 2: `if x == 0` turned round",
    } < labels(source)


def test_error_is_not_raised_or_is_another_and_its_text_stays():
    found = new(GUARD, "a")

    assert {"pass", "raise TypeError(f'bits is {bits}')"} < found
    assert {line for line in found if "ValueError" in line} == {"raise ValueError(f'bits is {bits}')"}


def test_two_targets_are_exchanged_unless_they_get_the_same():
    assert "columns, rows = x.shape" in new(
        "def answer(x):\n    rows, columns = x.shape\n    return f(rows, columns)", "a"
    )
    assert "b, a = ({}, {})" not in new("def answer(x):\n    a, b = {}, {}\n    return f(a, b)", "a")


def test_while_is_not_kept_from_ending():
    source = "def answer(x):\n    n = 0\n    while n < x:\n        n += 1\n        y = f(n)\n    return y"
    found = labels(source)

    assert "line 3: the loop ends after its first round" in found
    assert not [label for label in found if label.startswith("line 4: without") or "set, not counted" in label]
    assert {"n += 2"} <= new(source, "a")
    assert not {"n += 0", "n += -1"} & new(source, "a")


def test_context_is_left_out_unless_it_changes_no_answer():
    with_device = "def answer(x):\n    with torch.device('meta'):\n        y = f(x)\n    return g(y)"

    assert "line 2: without its `with`" in labels(with_device)
    assert "line 2: without its `with`" not in labels(with_device.replace("device('meta')", "no_grad()"))


def test_finally_is_left_out():
    source = "def answer(x):\n    try:\n        f(x)\n    finally:\n        g(x)\n    return x.y"

    assert "line 2: without its `finally`" in labels(source)


def test_loop_that_trains_is_not_shortened():
    source = "model = make()\nfor rows in x:\n    model(rows).backward()\n"

    assert not [label for label in labels(source, name="model", response="torch_model") if "round" in label]
