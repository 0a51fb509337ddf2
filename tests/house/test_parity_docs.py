"""``docs/parity.md`` lists every quirk that a comment in the code claims, and tests that exist."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "parity.md").read_text(encoding="utf-8")
SOURCE = ROOT / "src" / "infdit_cli"
TESTS = ROOT / "tests"


def test_every_file_with_a_parity_comment_is_listed():
    claiming = [path for path in SOURCE.rglob("*.py") if "Parity:" in path.read_text(encoding="utf-8")]
    assert claiming
    assert [path.relative_to(SOURCE).as_posix() for path in claiming if not _listed(path)] == []


def test_every_file_that_is_named_exists():
    named = set(re.findall(r"`([\w/]+(?:\.py|/))`", PAGE))
    assert len(named) > 20
    assert [name for name in named if not any((root / name).exists() for root in (SOURCE, TESTS, ROOT))] == []


def _listed(path):
    return f"`{path.relative_to(SOURCE).as_posix()}`" in PAGE
