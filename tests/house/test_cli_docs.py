"""``docs/cli.md`` lists the options and exit codes that the program has."""

from support.cli_reference import PAGE, refreshed


def test_the_page_is_fresh():
    text = PAGE.read_text(encoding="utf-8")
    assert text == refreshed(text), "docs/cli.md is stale: run `python tests/support/cli_reference.py`"
