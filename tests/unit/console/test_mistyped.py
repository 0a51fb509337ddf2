"""A number that cannot be read is told with what was typed, and with the number in it."""

import pytest

from support.face import run


@pytest.mark.parametrize(
    ("option", "typed", "kind", "number"),
    [
        ("--scale", "4x", "a number", "4"),
        ("--scale", "2,5", "a number", "2.5"),
        ("--scale", "150%", "a number", "1.5"),
        ("--restore", "50%", "a number", "0.5"),
        ("--width", "2000px", "a whole number", "2000"),
        ("--height", "2.5", "a whole number", "2"),
    ],
)
def test_a_number_that_is_none_is_told_with_an_example(capsys, option, typed, kind, number):
    assert run("upscale", "a.png", option, typed) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"infdit: error: {option} is {typed!r}; it must be {kind}",
        f"hint: for example {option} {number}",
    ]


@pytest.mark.parametrize("typed", ["high", "50%"])
def test_where_no_number_was_typed_that_would_do_none_is_guessed(capsys, typed):
    assert run("plan", "a.png", "--quality", typed) == 2
    assert capsys.readouterr().err.splitlines() == [
        f"infdit: error: --quality is {typed!r}; it must be a whole number",
        "hint: run infdit plan --help for usage",
    ]


def test_a_number_out_of_its_range_is_no_mistyped_one(capsys):
    assert run("eval", "--data", "photos", "--limit", "0") == 2
    assert "greater than or equal to 1" in capsys.readouterr().err
