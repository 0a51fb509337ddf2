"""Boxes are walked one after the other, and no further than their heads tell."""

from io import BytesIO

from infdit_cli.metadata.bmff import HEAD, Box, boxes, content_of, content_of_first


def box(kind, content):
    return HEAD.pack(HEAD.size + len(content), kind) + content


def test_boxes_follow_one_another_though_the_file_is_read_meanwhile():
    file = BytesIO(b"skip" + box(b"ftyp", b"avif") + box(b"mdat", b"") + box(b"meta", b"described"))
    walked = [(each.kind, content_of(file, each)) for each in boxes(file, 4)]
    assert walked == [(b"ftyp", b"avif"), (b"mdat", b""), (b"meta", b"described")]


def test_a_box_whose_length_is_elsewhere_ends_the_walk():
    for length in (0, 1, 7):
        file = BytesIO(box(b"ftyp", b"avif") + HEAD.pack(length, b"mdat") + box(b"meta", b""))
        assert [each.kind for each in boxes(file)] == [b"ftyp"]


def test_of_a_box_that_is_cut_off_or_too_large_there_is_what_there_is():
    file = BytesIO(box(b"meta", b"described")[:-4])
    (only,) = boxes(file)
    assert only == Box(b"meta", 8, 9)
    assert content_of(file, only) == b"descr"
    assert content_of(file, only, 2) == b"de"


def test_of_several_boxes_of_a_kind_it_is_the_first_and_of_none_nothing():
    file = BytesIO(box(b"ftyp", b"avif") + box(b"meta", b"described") + box(b"meta", b"again"))
    assert content_of_first(file, b"meta") == b"described"
    assert content_of_first(file, b"meta", 2) == b"de"
    assert content_of_first(file, b"jp2h") == b""
