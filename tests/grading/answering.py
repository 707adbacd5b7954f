"""A child for tests: it answers, prints, fails, dies or hangs, as it is told."""

import json
import os
import sys
import threading
from typing import Literal

from pydantic import TypeAdapter

from quizlib.grading.processes.child import serve
from quizlib.items.base import Model


class Order(Model):
    do: Literal[
        "pid",
        "print",
        "talk",
        "fail",
        "die",
        "hang",
        "answer twice",
        "answer without the secret",
        "answer another request",
    ]


class Answer(Model):
    pid: int


class Noise(Model):
    printed: bool


REPLIES = os.dup(1)
"""The pipe of replies, which `serve` hides from what a library prints."""

NONCE = []


class ReadAlong:
    """Standard input, of which the secret on its first line is remembered."""

    def readline(self):
        line = sys.__stdin__.readline()
        NONCE.append(json.loads(line)["nonce"])
        return line

    def __iter__(self):
        return iter(sys.__stdin__)


def forge(how):
    """Write a line into the pipe of replies that no request asked for."""
    frame = {"number": 2, "nonce": NONCE[0], "body": Answer(pid=1).model_dump_json()}
    changes = {"answer without the secret": {"nonce": "0" * 32}, "answer another request": {"number": 1}}
    os.write(REPLIES, json.dumps(frame | changes.get(how, {})).encode() + b"\n")


def answer(order):
    match order.do:
        case "print":
            print("noise on standard output")
            os.write(1, b"and on its descriptor\n")
        case "talk":
            os.write(2, b"very much\n" * 1_000_000)
        case "answer twice" | "answer without the secret" | "answer another request":
            forge(order.do)
        case "fail":
            raise ValueError("told to fail")
        case "die":
            os.write(2, b"last words\n")
            os._exit(3)
        case "hang":
            threading.Event().wait()
    return Answer(pid=os.getpid())


if __name__ == "__main__":
    sys.stdin = ReadAlong()
    serve(TypeAdapter(Order), answer)
