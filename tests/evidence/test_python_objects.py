import numpy as np

from quizlib.evidence.python_objects import class_name, read
from quizlib.evidence.values import Name, Unreadable


class Strange:
    pass


def test_object_of_another_library_is_handed_on_wherever_it_lies():
    assert read([(Strange(), 1), {"a": Strange()}], lambda value: Name(class_name(value))) == [
        (Name(class_name(Strange())), 1),
        {"a": Name(class_name(Strange()))},
    ]


def test_object_of_another_library_is_unreadable_where_nobody_reads_it():
    found = read((3, Strange()))

    assert found[0] == 3
    assert found[1] == Unreadable(class_name(Strange()), "is neither a number, text, array, tensor, model nor bytes")


def test_what_numpy_and_python_make_is_never_handed_on():
    def refuse(value):
        raise AssertionError(value)

    read([None, 1, 0.5, "a", b"a", np.zeros(2), np.float32(1), np.dtype("int8"), int], refuse)
