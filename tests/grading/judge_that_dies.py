"""A judge for tests that dies whenever it reads the evidence of `size-table`."""

import os

from quizlib.grading.judge import server as judge_server


def read_evidence(folder, item):
    if item == "size-table":
        os._exit(3)
    return read(folder, item)


if __name__ == "__main__":
    read, judge_server.read_evidence = judge_server.read_evidence, read_evidence
    judge_server.main()
