"""Decoded JSON becomes a dataclass, or the place that is wrong is named."""

from dataclasses import dataclass, field
from typing import Literal

import pytest

from infdit_cli.strict_json import Misread, read


@dataclass(frozen=True)
class Inner:
    count: int
    name: str | None


@dataclass(frozen=True)
class Outer:
    seconds: float
    inner: Inner
    rows: tuple[Inner, ...]
    loads: tuple[float, ...]


DATA = {
    "seconds": 2,
    "inner": {"count": 1, "name": None},
    "rows": [{"count": 0, "name": "x"}],
    "loads": [],
}


def test_what_is_right_is_read():
    read_back = read(Outer, DATA)
    assert read_back == Outer(2.0, Inner(1, None), (Inner(0, "x"),), ())
    assert type(read_back.seconds) is float


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"more": 1}, "Outer: missing or unknown: more"),
        ({"seconds": "2"}, "seconds is '2', not of type float"),
        ({"seconds": None}, "seconds is None"),
        ({"seconds": True}, "seconds is True"),
        ({"seconds": float("nan")}, "seconds is nan; it must be finite"),
        ({"seconds": -1.0}, "seconds is -1.0; it must be finite and not negative"),
        ({"seconds": 10**400}, "seconds is inf; it must be finite and not negative"),
        ({"inner": []}, "inner is not an object"),
        ({"inner": {"count": 1}}, "inner: missing or unknown: name"),
        ({"inner": {"count": 1.5, "name": None}}, "inner.count is 1.5"),
        ({"rows": {}}, "rows is not a list"),
        ({"rows": [{"count": 0, "name": 3}]}, r"rows\[0\].name is 3"),
        ({"loads": [1.0, "2"]}, r"loads\[1\] is '2'"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(change, says):
    with pytest.raises(Misread, match=says):
        read(Outer, DATA | change)


def test_something_else_than_an_object_is_refused():
    with pytest.raises(Misread, match="Outer is not an object"):
        read(Outer, [1])


@dataclass(frozen=True)
class Choice:
    colour: Literal["red", "green"]
    is_bright: bool = False
    loads: tuple[int, ...] = field(default_factory=tuple)


def test_what_has_a_default_may_be_missing_where_that_is_allowed():
    assert read(Choice, {"colour": "red"}, defaults=True) == Choice("red")
    with pytest.raises(Misread, match="Choice: missing or unknown: is_bright, loads"):
        read(Choice, {"colour": "red"})
    with pytest.raises(Misread, match="Choice: missing or unknown: colour"):
        read(Choice, {"is_bright": True}, defaults=True)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        ({"colour": "blue"}, "colour is 'blue'; it must be one of red, green"),
        ({"colour": ["red"]}, r"colour is \['red'\]; it must be one of red, green"),
        ({"colour": "red", "is_bright": 1}, "is_bright is 1, not of type bool"),
    ],
    ids=str,
)
def test_choices_and_truth_values_are_checked(data, says):
    with pytest.raises(Misread, match=says):
        read(Choice, data, defaults=True)
