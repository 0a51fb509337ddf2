"""Decoded JSON becomes a dataclass, or the place that is wrong is named."""

from dataclasses import dataclass

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
        ({"seconds": float("nan")}, "seconds is nan; it is finite"),
        ({"seconds": -1.0}, "seconds is -1.0; it is finite and not negative"),
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
