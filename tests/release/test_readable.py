import base64
import json
import zlib

from quizlib.release.readable import decoded, readable

SENTENCE = "One int8 takes eight bits, which is one byte, and nothing that a learner should read at a glance."


def packed(text: str) -> str:
    return base64.b85encode(zlib.compress(text.encode())).decode()


def test_strings_of_json_are_read_unescaped() -> None:
    assert 'say "hello"\nµ' in readable(json.dumps({"a": ['say "hello"\nµ']}).encode()).plain


def test_the_lines_of_a_cell_are_read_as_one_text() -> None:
    assert "a = 1\nb = 2" in readable(json.dumps({"source": ["a = 1\n", "b = 2"]}).encode()).plain


def test_base85_of_compressed_text_is_decoded_wherever_it_stands() -> None:
    for content in (json.dumps({"key": packed(SENTENCE)}), f'KEY = "{packed(SENTENCE)}"'):
        found = readable(content.encode())
        assert SENTENCE in found.encoded
        assert SENTENCE not in found.plain


def test_base64_and_encodings_inside_encodings_are_decoded() -> None:
    inner = base64.b64encode(zlib.compress(SENTENCE.encode())).decode()
    assert SENTENCE in readable(f"x = '{packed(json.dumps({'k': inner}))}'".encode()).encoded


def test_ordinary_text_decodes_to_nothing() -> None:
    assert decoded("an_ordinary_name_of_a_function_that_is_long_enough") is None
    assert decoded("a") is None
    assert readable(b"\xff\xfe\x00binary").encoded == ""
