"""Files that the documentation names in code signs or links exist."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PLACES = (ROOT, ROOT / "src" / "infdit_cli", ROOT / "tests", ROOT / "docs")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
OURS = ("src/", "tests/", "docs/", "bench/", "examples/", ".ci/")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_file_that_a_page_names_exists(page):
    text = page.read_text(encoding="utf-8")
    named = {name for name in re.findall(r"`([\w./-]+\.py|[\w./-]+/)`", text) if _is_ours(name)}
    assert [name for name in sorted(named) if not any((place / name).exists() for place in PLACES)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def _is_ours(name):
    """Tell whether it is meant as a file of the project: a mere folder may be an example's."""
    return name.endswith(".py") or name.startswith(OURS)
