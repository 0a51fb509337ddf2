"""XMP that one segment of a JPEG cannot hold is divided, and read back as one."""

import hashlib
import struct

import pytest

from infdit_cli.images.xmp_extended import joined_xmp
from infdit_cli.tiles.writers.jpeg_xmp import can_divide, xmp_segments

PACKET, EXTENSION = b"http://ns.adobe.com/xap/1.0/\0", b"http://ns.adobe.com/xmp/extension/\0"
LARGEST = 65_533


def packet(properties, attributes=""):
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="uuid:1" xmlns:mine="urn:mine" {attributes}>{properties}'
        '</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()


SMALL = "<mine:small>kept</mine:small>"
LARGE = packet(f"{SMALL}<mine:large>{'ä' * 100_000}</mine:large>", f'mine:text="{"b" * 50_000}"')


def test_a_packet_that_fits_is_one_segment():
    assert xmp_segments(packet(SMALL)) == [PACKET + packet(SMALL)]


def test_the_largest_properties_go_into_chunks_of_what_the_packet_announces():
    first, *chunks = xmp_segments(LARGE)
    assert all(len(each) <= LARGEST for each in (first, *chunks))
    assert b"<mine:small>kept</mine:small>" in first
    assert b"bbb" in first
    assert "ää".encode() not in first
    part = b"".join(each.removeprefix(EXTENSION)[40:] for each in chunks)
    digest = hashlib.md5(part, usedforsecurity=False).hexdigest().upper().encode()
    assert b'xmpNote:HasExtendedXMP="' + digest + b'"' in first
    places = []
    for each in chunks:
        assert each.startswith(EXTENSION + digest)
        length, place = struct.unpack_from(">II", each, len(EXTENSION) + 32)
        assert length == len(part)
        places.append(place)
    assert places == [0, 65_400, 130_800, 196_200]
    assert part.startswith(b"<x:xmpmeta")
    assert b"kept" not in part


def test_what_was_divided_is_read_as_one():
    first, *chunks = xmp_segments(LARGE)
    joined = joined_xmp(
        first.removeprefix(PACKET), (each.removeprefix(EXTENSION) for each in chunks)
    ).decode()
    assert joined.count("<mine:small>kept</mine:small>") == 1
    assert joined.count(f"<mine:large>{'ä' * 100_000}</mine:large>") == 1
    assert joined.count(f'mine:text="{"b" * 50_000}"') == 1


@pytest.mark.parametrize(
    "whole", [packet(f"<!--{'c' * 70_000}-->"), b"x" * 70_000], ids=["comment", "no XMP"]
)
def test_what_is_large_without_its_properties_cannot_be_divided(whole):
    assert xmp_segments(whole) is None
    assert not can_divide(whole)
