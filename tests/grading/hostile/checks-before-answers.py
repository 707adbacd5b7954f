from tests.grading.rewriting import rewritten


def hand_in(folder):
    with rewritten(folder) as document:
        document["cells"].reverse()
