"""Names that another program writes are taken byte by byte."""

import os
from pathlib import Path

import pytest

from infdit_cli.batch import read_names


@pytest.mark.parametrize("data", [b"a.png\nb c.png\n", b"a.png\nb c.png", b"\na.png\r\n\nb c.png\r\n"])
def test_names_are_lines_and_empty_ones_are_left_out(data):
    assert read_names(data, null=False) == (Path("a.png"), Path("b c.png"))


def test_a_byte_order_mark_is_no_part_of_a_name():
    assert read_names(b"\xef\xbb\xbfa.png\nb.png\n", null=False) == (Path("a.png"), Path("b.png"))
    [name] = read_names(b"\xef\xbb\xbfa.png\0", null=True)
    assert os.fsencode(name) == b"\xef\xbb\xbfa.png"


def test_with_null_a_name_may_hold_a_line_break():
    assert read_names(b"a\nb.png\0c.png\0", null=True) == (Path("a\nb.png"), Path("c.png"))


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_a_name_that_is_no_text_keeps_its_bytes():
    [name] = read_names(b"\xff\xe4.png\n", null=False)
    assert os.fsencode(name) == b"\xff\xe4.png"


def test_nothing_is_no_names():
    assert read_names(b"", null=False) == ()
    assert read_names(b"", null=True) == ()
