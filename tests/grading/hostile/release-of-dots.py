import re

from tests.grading.rewriting import cell_of, rewritten


def hand_in(folder):
    with rewritten(folder) as document:
        begin = cell_of(document, "begin")
        source = re.sub(r'release="[^"]*"', 'release=".."', "".join(begin["source"]))
        document["cells"].insert(0, {"cell_type": "code", "source": source})
        begin["source"] = 'quizlib.begin("90-sample", release="."); quizlib.begin("89-other", release="a")'
