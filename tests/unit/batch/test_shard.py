"""Shares of a list never overlap and together are the list."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infdit_cli.batch import Shard
from infdit_cli.errors import OptionError

PATHS = [Path(f"photos/{name}.png") for name in ("b", "a", "ü", "u\N{COMBINING DIAERESIS}2", "c/d", "Z")]


def itself(path: Path) -> Path:
    return path


@given(names=st.sets(st.text("abcä/", min_size=1), max_size=30), count=st.integers(1, 7))
def test_all_shares_together_are_the_list_once(names, count):
    paths = [Path("x", *name.split("/"), "y.png") for name in names]
    shares = [Shard(index, count).of(paths, itself) for index in range(1, count + 1)]
    assert sorted(path for share in shares for path in share) == sorted(paths)
    assert max(map(len, shares)) - min(map(len, shares)) <= 1


def test_shares_do_not_depend_on_the_order_of_the_list():
    for index in (1, 2):
        assert Shard(index, 2).of(PATHS[::-1], itself) == Shard(index, 2).of(PATHS, itself)


def test_a_file_server_that_spells_accents_apart_makes_the_same_shares():
    together = [Path("z.png"), Path("\N{LATIN SMALL LETTER A WITH DIAERESIS}.png"), Path("b.png")]
    apart = [Path("z.png"), Path("a\N{COMBINING DIAERESIS}.png"), Path("b.png")]
    for index in (1, 2, 3):
        [ours], [theirs] = Shard(index, 3).of(together, itself), Shard(index, 3).of(apart, itself)
        assert together.index(ours) == apart.index(theirs)


@pytest.mark.parametrize(("index", "count"), [(0, 3), (4, 3), (1, 0)])
def test_a_share_that_does_not_exist_is_refused(index, count):
    with pytest.raises(OptionError, match=f"^shard is {index}/{count}"):
        Shard(index, count)
