"""Pieces of a name with spaces are known as such, and other missing names are not taken for pieces."""

from pathlib import Path

import pytest

from infdit_cli.batch import Request, list_pictures
from infdit_cli.batch.torn import torn_names


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("there.png").touch()
    Path("My Photos").mkdir()


@pytest.mark.parametrize(
    ("inputs", "wholes"),
    [
        ("photo 1.jpg", ["photo 1.jpg"] * 2),
        ("there.png my best photo.jpg there.png", ["my best photo.jpg"] * 3),
        ("a 1.jpg b 2.jpg c.jpg d", ["a 1.jpg", "a 1.jpg", "b 2.jpg", "b 2.jpg"]),
        ("My Photos", ["My Photos"] * 2),
        ("My Photos/1.jpg", ["My Photos/1.jpg"] * 2),
        ("nofolder x/missing.jpg", []),
        ("nofolder x/missing.jpg b 2.jpg", ["b 2.jpg"] * 2),
        ("photos", []),
        ("a.jpg b.jpg", []),
        ("photos pictures", []),
        ("photos there.png 1.jpg", []),
    ],
)
def test_pieces_are_put_together(inputs, wholes):
    assert list(torn_names([Path(each) for each in inputs.split()]).values()) == wholes


def test_pieces_are_found_as_such_and_the_last_is_not_taken_for_a_result():
    request = Request(inputs=(Path("photo"), Path("1.jpg")))
    found = list_pictures(request, frozenset({".jpg"})).found
    assert [(each.problem.message, each.problem.hint) for each in found] == [
        ("photo: no such file", 'a name with spaces needs quotes, as in "photo 1.jpg"'),
        ("1.jpg: no such file", 'a name with spaces needs quotes, as in "photo 1.jpg"'),
    ]
