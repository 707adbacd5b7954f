"""A judge for tests that some evidence ends: it dies or hangs where the file says so."""

import os
import threading

from quizlib.grading.judge import server as judge_server


def read_evidence(folder, item):
    content = (folder / f"{item}.json").read_bytes()
    if content == b"die":
        os._exit(3)
    if content == b"hang":
        threading.Event().wait()
    return read(folder, item)


if __name__ == "__main__":
    read, judge_server.read_evidence = judge_server.read_evidence, read_evidence
    judge_server.main()
