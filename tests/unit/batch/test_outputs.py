"""No two results of one name, and none in the way of an input."""

from pathlib import Path

import pytest

from infdit_cli.batch import BatchItem, check_no_clashes, check_outside_inputs
from infdit_cli.errors import OutputError


def items(**pairs) -> list[BatchItem]:
    return [BatchItem(source=Path(f"{source}.png"), destination=Path(to)) for source, to in pairs.items()]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("out/x.png", "out/x.png"),
        ("out/x.png", "out/../out/x.png"),
        ("out/x.png", "out/X.PNG"),
        ("out/straße.png", "out/STRASSE.png"),
        ("out/\N{LATIN SMALL LETTER A WITH DIAERESIS}.png", "out/a\N{COMBINING DIAERESIS}.png"),
    ],
)
def test_two_results_of_one_name_are_refused(first, second):
    with pytest.raises(OutputError, match=r"a\.png and b\.png would both become"):
        check_no_clashes(items(a=first, b=second))


def test_results_apart_are_fine():
    check_no_clashes(items(a="out/a.png", b="out/b.png", c="out/sub/a.png"))


def test_a_result_in_the_place_of_another_input_is_refused():
    with pytest.raises(
        OutputError, match=r"a_x4\.png: is an input, and would be overwritten by the output of a\.png"
    ):
        check_no_clashes(items(a="a_x4.png", a_x4="a_x4_x4.png"))


def test_a_result_in_the_place_of_its_own_input_is_refused():
    with pytest.raises(OutputError, match=r"a\.png: is an input, and would be overwritten by itself"):
        check_no_clashes(items(a="a.png"))


def test_names_are_held_against_each_other_through_links(tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "out")
    with pytest.raises(OutputError, match="both become"):
        check_no_clashes(items(a=tmp_path / "out" / "x.png", b=tmp_path / "link" / "x.png"))


def test_results_among_the_inputs_are_refused(tmp_path):
    inputs = frozenset({tmp_path.resolve()})
    check_outside_inputs(inputs, items(a=tmp_path / "out" / "a_x4.png"))
    with pytest.raises(OutputError, match=r"the next run would upscale a_x4\.png again"):
        check_outside_inputs(inputs, items(a=tmp_path / "a_x4.png"))
