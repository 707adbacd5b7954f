import base64
import io
import time

import pytest
from PIL import Image

from quizlib.grading.admission.pictures import MAX_BYTES, is_picture
from tests.grading.hostile_texts import GIF, PNG, WEBP


def encoded(kind, size, **options):
    file = io.BytesIO()
    Image.new("L", size).save(file, kind, **options)
    return base64.b64encode(file.getvalue()).decode()


@pytest.mark.parametrize("size", [(1, 1), (640, 480), (4_000, 3_000), (300, 16_000)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_pictures_that_people_make_are_shown(kind, size):
    assert is_picture(f"image/{kind.lower()}", encoded(kind, size))


def test_a_progressive_jpeg_is_shown():
    assert is_picture("image/jpeg", encoded("JPEG", (64, 32), progressive=True))


@pytest.mark.parametrize("size", [(10_000, 10_000), (1, 30_000)])
@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_a_small_file_that_takes_gigabytes_to_show_is_not(kind, size):
    assert not is_picture(f"image/{kind.lower()}", encoded(kind, size))


@pytest.mark.parametrize(
    "data", [GIF, WEBP, "", "x", '" onerror="alert(1)', None, ["a"], PNG[:20], "A" * MAX_BYTES * 2]
)
@pytest.mark.parametrize("kind", ["image/png", "image/jpeg"])
def test_what_is_no_picture_of_the_kind_is_not_shown(kind, data):
    assert not is_picture(kind, data)


def test_no_other_kind_is_shown():
    assert not is_picture("image/gif", GIF)
    assert not is_picture("image/svg+xml", "PHN2Zz4=")


def test_looking_for_the_size_of_a_jpeg_ends_soon():
    segments = b"\xff\xd8" + b"\xff\xe0\x00\x02" * 800_000
    started = time.process_time()
    assert not is_picture("image/jpeg", base64.b64encode(segments).decode())
    assert time.process_time() - started < 1
