"""A worker for tests whose judge dies on the evidence of one item."""

from quizlib.grading.batch import worker
from quizlib.grading.judge import client as judge_client

if __name__ == "__main__":  # tests are imported to look for examples in them
    judge_client.SERVER = "tests.grading.judge_that_dies"
    worker.main()
