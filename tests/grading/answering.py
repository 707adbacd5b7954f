"""A child for tests: it answers, prints, fails, dies or hangs, as it is told."""

import os
import threading

from quizlib.grading.child import serve


def answer(request):
    match request["do"]:
        case "pid":
            return {"pid": os.getpid()}
        case "print":
            print("noise on standard output")
            os.write(1, b"and on its descriptor\n")
            return {"printed": True}
        case "fail":
            raise ValueError("told to fail")
        case "die":
            os.write(2, b"last words\n")
            os._exit(3)
        case "hang":
            threading.Event().wait()
    return {}


if __name__ == "__main__":
    serve(answer)
