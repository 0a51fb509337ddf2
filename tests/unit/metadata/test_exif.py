"""Directories of tags: what is read is what was written, and damage is no crash."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from infdit_cli.metadata.exif import ORIENTATION, PIXEL_X_DIMENSION, X_RESOLUTION, Exif
from infdit_cli.metadata.ifd import TYPE_BYTES, Tag, TiffLayout, directory, packed, whole_directory
from support.pictures import MAKE

EXIF_POINTER, MAKER_NOTE = 0x8769, 0x927C
KINDS = [kind for kind in TYPE_BYTES if kind < 13]


@st.composite
def tags(draw):
    kind = draw(st.sampled_from(KINDS))
    size = TYPE_BYTES[kind]
    data = draw(st.binary(min_size=size, max_size=8 * size))
    return Tag(kind, data[: len(data) // size * size])


def directories(first, last):
    return st.dictionaries(st.integers(first, last), tags(), max_size=6)


@st.composite
def blocks(draw):
    main = draw(directories(0x0100, 0x0200))
    return Exif(
        order=draw(st.sampled_from("<>")),
        main=main or {ORIENTATION: Tag(3, b"\1\0")},
        exif=draw(directories(0x9000, 0x9FFF)),
        note_at=draw(st.none() | st.integers(0, 1000)),
        gps=draw(directories(0, 31)),
        interop=draw(directories(0x1000, 0x1010)),
    )


@settings(max_examples=100)
@given(block=blocks())
def test_every_directory_survives_writing_and_another_byte_order(block):
    if block.interop and not block.exif:
        block = Exif(order=block.order, main=block.main, gps=block.gps)
    assert Exif.parse(block.tobytes()) == block
    other = block.in_order(">" if block.order == "<" else "<")
    assert Exif.parse(other.tobytes()) == other
    assert other.in_order(block.order) == block


def with_note_at(at, note, order="<"):
    """Return EXIF as cameras write it: the note somewhere, with directories before and behind it."""
    layout = TiffLayout(order)
    say = Exif(order=order)
    main = {MAKE: Tag(2, b"Canon\0"), EXIF_POINTER: say.long(60)}
    exif = directory(packed({MAKER_NOTE: note}, layout, 0, {MAKER_NOTE: at})[0], layout)
    block = layout.header + layout.offset.pack(8) + whole_directory(main, layout, 8)
    return (block.ljust(60, b"\0") + exif).ljust(at, b"\0") + note.data


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("at", [100, 501, 8000])
def test_a_maker_note_stays_where_it_was_because_makers_count_from_the_start_of_the_block(order, at):
    note = Tag(7, bytes(range(101)))
    read = Exif.parse(with_note_at(at, note, order))
    more = replace(read, gps={1: Tag(2, b"N\0")}, exif=read.exif | {0x9003: Tag(2, b"2026:11:21 10:11:12\0")})
    block = more.tobytes()
    assert block[at : at + 101] == note.data
    assert block.count(note.data) == 1
    assert Exif.parse(block) == more
    assert Exif.parse(block).tobytes() == block


@pytest.mark.parametrize("at", [100, 60_000])
def test_a_maker_note_moves_where_its_place_is_taken_or_too_far(at):
    note = Tag(7, bytes(range(101)))
    read = Exif.parse(with_note_at(at, note))
    more = replace(read, main=read.main | {0x010E: Tag(2, b"d" * 200 + b"\0")})
    assert Exif.parse(more.tobytes()) == more
    assert len(more.tobytes()) < 500


def test_a_note_that_fits_into_its_entry_has_no_place():
    short = {MAKER_NOTE: Tag(7, b"abc")}
    read = Exif.parse(Exif(exif=short).tobytes())
    assert read.note_at is None
    assert Exif.parse(replace(read, note_at=100).tobytes()).exif == short


def in_bigtiff(block):
    """Return a file that has nothing but the directories of ``block``, with offsets of 64 bits."""
    layout = TiffLayout(block.order, big=True)
    start = len(layout.header) + layout.offset.size
    pointers, _ = block.below(layout, start)
    end = start + len(whole_directory(block.main | pointers, layout, start))
    pointers, below = block.below(layout, end)
    return (
        layout.header
        + layout.offset.pack(start)
        + whole_directory(block.main | pointers, layout, start)
        + below
    )


@settings(max_examples=100)
@given(block=blocks())
def test_a_bigtiff_is_read_as_well(block):
    assert Exif.parse(in_bigtiff(block)) == block


@settings(max_examples=300)
@given(block=blocks(), write=st.sampled_from([Exif.tobytes, in_bigtiff]), data=st.data())
def test_damaged_bytes_are_a_value_error_or_other_tags_and_nothing_else(block, write, data):
    damaged = bytearray(write(block))
    for _ in range(data.draw(st.integers(1, 6))):
        at, num_bytes = data.draw(st.integers(0, len(damaged) - 1)), data.draw(st.sampled_from([1, 1, 8]))
        damaged[at : at + num_bytes] = [data.draw(st.integers(0, 255))] * num_bytes
    del damaged[data.draw(st.integers(0, len(damaged))) :]
    try:
        read = Exif.parse(bytes(damaged))
    except ValueError:
        return
    assert not read or Exif.parse(read.tobytes()) == read


@pytest.mark.parametrize("order", "<>")
@pytest.mark.parametrize("offset", [2**64 - 1, 2**63, 2**63 - 1, 2**62])
def test_a_place_that_no_file_reaches_holds_no_directory_and_no_value(tmp_path, order, offset):
    layout = TiffLayout(order, big=True)
    far, start = layout.offset.pack(offset), layout.offset.pack(16)
    there = directory(
        packed({MAKE: Tag(2, b"Camera"), EXIF_POINTER: layout.pointer(offset)}, layout, 0)[0]
        | packed({0x0131: Tag(2, b"a long text\0")}, layout, offset)[0],
        layout,
    )
    path = tmp_path / "far.tif"
    path.write_bytes(layout.header + far)
    with path.open("rb") as file, pytest.raises(ValueError, match="no whole directory"):
        Exif.read(file)
    path.write_bytes(layout.header + start + there)
    with path.open("rb") as file:
        assert Exif.read(file) == Exif(order=order, main={MAKE: Tag(2, b"Camera")})


@pytest.mark.parametrize("order", "<>")
def test_numbers_are_read_in_the_order_they_were_written(order):
    block = Exif(order=order)
    main = {
        ORIENTATION: block.short(6),
        PIXEL_X_DIMENSION: block.long(70_000),
        X_RESOLUTION: block.rational(299.5),
    }
    read = Exif.parse(Exif(order=order, main=main).tobytes())
    assert read.integer(read.main, ORIENTATION) == 6
    assert read.integer(read.main, PIXEL_X_DIMENSION) == 70_000
    assert read.ratio(read.main, X_RESOLUTION) == Fraction(599, 2)
    assert read.integer(read.main, X_RESOLUTION) is None
    assert read.ratio(read.main, 0x9999) is None


def test_a_ratio_that_would_not_fit_is_made_to():
    block = Exif()
    assert block.ratio({1: block.rational(1e12)}, 1) == 400_000


def test_pillow_reads_what_we_write():
    block = Exif(order=">")
    main = {ORIENTATION: block.short(6), 0x010F: Tag(2, b"Cameramaker\0"), X_RESOLUTION: block.rational(300)}
    exif = Exif(
        order=">", main=main, exif={0x9003: Tag(2, b"2026:11:21 00:00:00\0")}, gps={1: Tag(2, b"N\0")}
    )
    read = Image.Exif()
    read.load(exif.tobytes())
    assert (read[ORIENTATION], read[0x010F], read[X_RESOLUTION]) == (6, "Cameramaker", 300)
    assert read.get_ifd(0x8769)[0x9003] == "2026:11:21 00:00:00"
    assert read.get_ifd(0x8825)[1] == "N"


FAR = b"II+\0\x08\0\0\0" + b"\xff" * 8


@pytest.mark.parametrize(
    "data", [b"", b"II*\0", b"nonsense", b"II*\0\xff\0\0\0", b"MM\0*\0\0\0\x08\0\0", FAR]
)
def test_what_is_no_exif_is_refused(data):
    with pytest.raises(ValueError, match=r"no TIFF structure|no whole directory"):
        Exif.parse(data)
