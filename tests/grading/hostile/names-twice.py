import json

from tests.grading.conftest import LESSON


def hand_in(folder):
    path = folder / f"{LESSON}.ipynb"
    whole = json.dumps(json.loads(path.read_text()))
    path.write_text(whole[:-1] + ', "cells": [{"cell_type": "code", "source": "1"}]}')
