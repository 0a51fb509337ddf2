"""``docs/formats.md`` lists the containers that the program has, and what they hold."""

from support.formats_reference import PAGE, refreshed


def test_the_page_is_fresh():
    text = PAGE.read_text(encoding="utf-8")
    assert text == refreshed(text), (
        "docs/formats.md is stale: run `python tests/support/formats_reference.py`"
    )
