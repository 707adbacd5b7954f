from quizlib.mutants import Mutant, chosen


def some(kind, count):
    return [Mutant(kind, f"{kind}{number}", "", "") for number in range(count)]


MANY = [*some("a", 40), *some("b", 1), *some("d", 9), *some("e", 9)]


def test_kinds_take_turns_until_there_are_enough():
    assert [mutant.kind for mutant in chosen("item", MANY, most=8)] == ["a", "b", "d", "e", "a", "d", "e", "a"]


def test_at_most_twelve_are_chosen():
    assert len(chosen("item", MANY)) == 12
    assert len(chosen("item", MANY[:5])) == 5


def test_choice_depends_on_the_item_and_on_nothing_but_the_labels():
    assert chosen("item", MANY) == chosen("item", MANY[::-1])
    assert chosen("item", MANY) != chosen("other", MANY)


def test_other_mutants_do_not_change_the_order_of_a_kind():
    few, more = chosen("item", some("a", 6)), chosen("item", some("a", 9))

    assert [mutant for mutant in more if mutant in few] == list(few)
