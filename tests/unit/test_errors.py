"""An error in other words is the same error, and so is one that comes from another process."""

import pickle

import pytest

from infdit_cli.errors import DoesNotFit, OptionError, UnreadableImage


@pytest.mark.parametrize(
    ("error", "carried"),
    [
        (DoesNotFit("too large", hint="less", needed_bytes=7), {"needed_bytes": 7}),
        (OptionError("--scale is 0", hint="less"), {}),
    ],
    ids=lambda each: type(each).__name__,
)
def test_an_error_in_other_words_keeps_its_kind_its_hint_and_what_it_carries(error, carried):
    before = vars(error) | {"args": error.args}
    other = error.reworded("--width is 0")
    assert type(other) is type(error)
    assert vars(other) == {"message": "--width is 0", "hint": "less"} | carried
    assert other.args == ("--width is 0",)
    assert other.reworded("again", hint="more").hint == "more"
    assert vars(error) | {"args": error.args} == before


def test_a_fault_of_the_system_is_known_as_such_in_another_process():
    there = pickle.loads(pickle.dumps(UnreadableImage("a.png: no such file", may_pass=True)))  # noqa: S301
    assert there.may_pass
