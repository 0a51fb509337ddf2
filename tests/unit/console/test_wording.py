"""Numbers and names as a person reads them."""

import pytest

from infdit_cli.console import wording
from infdit_cli.geometry import Size


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, "0.0 s"),
        (12.34, "12.3 s"),
        (59.96, "1 min 00 s"),
        (125, "2 min 05 s"),
        (3599.7, "1 h 00 min"),
        (3725, "1 h 02 min"),
    ],
)
def test_duration(seconds, words):
    assert wording.duration(seconds) == words


def test_a_size_is_width_by_height():
    assert wording.pixels(Size(height=3, width=4)) == "4×3 px"


@pytest.mark.parametrize(("count", "words"), [(0, "0 steps"), (1, "1 step"), (1300, "1,300 steps")])
def test_steps(count, words):
    assert wording.steps(count) == words


@pytest.mark.parametrize(
    ("text", "shown"),
    [("é[x] 写真", "é[x] 写真"), ("a\tb\x1b", "a\\tb\\x1b"), ("\udcff", "\\udcff"), ("a\nb", "a\nb")],
)
def test_printable_escapes_only_what_cannot_be_shown(text, shown):
    assert wording.printable(text) == shown
