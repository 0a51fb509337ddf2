"""Templates of names: what they may say, and what is refused before any work."""

import os

import pytest

from infdit_cli.batch import DEFAULT, NameTemplate
from infdit_cli.errors import OptionError, OutputError

VALUES = {
    "stem": "photo",
    "name": "photo.jpg",
    "ext": ".png",
    "scale": "4",
    "size": "x4",
    "width": 800,
    "height": 600,
    "weights": "compact",
    "steps": 1,
    "seed": 7,
}


@pytest.mark.parametrize(
    ("text", "filled"),
    [
        ("{stem}_x{scale}{ext}", "photo_x4.png"),
        ("{name}.{width}x{height}.webp", "photo.jpg.800x600.webp"),
        ("{weights}-{steps}-{seed:04}{ext}", "compact-1-0007.png"),
        ("{{{stem}}}{ext}", "{photo}.png"),
        ("same.png", "same.png"),
        ("x4-{name}", "x4-photo.jpg"),
    ],
)
def test_a_template_is_filled(text, filled):
    assert NameTemplate(text).fill(VALUES) == filled


def test_the_default_is_the_name_of_a_single_result():
    assert DEFAULT.fill(VALUES) == "photo_x4.png"


def test_a_template_tells_its_fields():
    assert NameTemplate("{stem}{width:05}{ext}").fields == {"stem", "width", "ext"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{colour}{ext}", r"unknown field \{colour\}"),
        ("{}", r"unknown field \{\}"),
        ("{stem.upper}", r"unknown field"),
        ("{stem", "cannot be read"),
        ("stem}", "cannot be read"),
        ("{scale:q}", "cannot be filled in"),
        ("{stem:{depth}}", "cannot be filled in"),
        ("{stem:99999999999}", "more characters than a name may have"),
        ("out/{stem}{ext}", "is a path"),
        ("{stem:/>9}{ext}", "is a path"),
        ("..\\{stem}{ext}", "is a path"),
        ("", "leaves no name"),
        ("..", "leaves no name"),
    ],
)
def test_what_makes_no_name_is_refused(text, says):
    with pytest.raises(OptionError, match=says) as caught:
        NameTemplate(text)
    assert "{stem}" in (caught.value.hint or "")


@pytest.mark.parametrize("text", ["x", "{stem}_x{scale}", "{name:.1}"])
def test_a_name_without_a_suffix_is_refused(text):
    with pytest.raises(OptionError) as caught:
        NameTemplate(text)
    assert caught.value.message == f"--name {text!r} has no suffix"
    assert caught.value.hint == f"end it with {{ext}}: '{text}{{ext}}'"


@pytest.mark.parametrize(("weights", "ext"), [("../w", ".png"), ("w\0", ".png"), ("..", "")])
def test_a_value_may_not_make_something_else_of_the_name(weights, ext):
    with pytest.raises(OutputError, match="is no name of a file"):
        NameTemplate("{weights}{ext}").fill(VALUES | {"weights": weights, "ext": ext})


@pytest.mark.skipif(os.name != "posix", reason="it parts folders on Windows")
def test_a_backslash_in_a_value_is_a_letter():
    assert DEFAULT.fill(VALUES | {"stem": "a\\b"}) == "a\\b_x4.png"


def test_a_value_that_fits_no_format_is_refused():
    with pytest.raises(OptionError, match="cannot be filled in"):
        NameTemplate("{seed:c}{ext}").fill(VALUES | {"seed": 99_999_999})
