"""A child for tests: it answers, prints, fails, dies or hangs, as it is told."""

import os
import threading
from typing import Literal

from pydantic import TypeAdapter

from quizlib.grading.child import serve
from quizlib.items.base import Model


class Order(Model):
    do: Literal["pid", "print", "fail", "die", "hang"]


class Answer(Model):
    pid: int


class Noise(Model):
    printed: bool


def answer(order):
    match order.do:
        case "print":
            print("noise on standard output")
            os.write(1, b"and on its descriptor\n")
        case "fail":
            raise ValueError("told to fail")
        case "die":
            os.write(2, b"last words\n")
            os._exit(3)
        case "hang":
            threading.Event().wait()
    return Answer(pid=os.getpid())


if __name__ == "__main__":
    serve(TypeAdapter(Order), answer)
