"""A worker for tests whose judge dies on the evidence of one item."""

from quizlib.grading import judge_client, worker

judge_client.SERVER = "tests.grading.judge_that_dies"

if __name__ == "__main__":
    worker.main()
