"""Pieces in which a picture is finished."""

import pytest

from infdit_cli.geometry import Size
from infdit_cli.plan import finishing_bytes, finishing_piece, finishing_seconds, make_route

MIB = 1 << 20


def route(scale, fidelity, side=4000):
    return make_route(
        Size(side, side),
        Size(round(side * scale), round(side * scale)),
        native=4,
        native_only=True,
        fidelity=fidelity,
    )


@pytest.mark.parametrize("scale", [1, 1.5, 4, 5, 16, 40])
@pytest.mark.parametrize("fidelity", [0.0, 1.0])
def test_a_window_of_a_huge_picture_takes_little_memory(scale, fidelity):
    assert finishing_bytes(route(scale, fidelity)) < 40 * MIB


def test_finishing_takes_no_more_than_the_picture_has():
    assert finishing_bytes(route(64, 1.0, side=2)) == 128 * 128 * 12 * 4


def test_what_is_final_needs_no_finishing():
    final = route(4, 0.0)
    assert (finishing_bytes(final), finishing_seconds(final)) == (0, 0)
    assert finishing_seconds(route(4, 1.0)) > finishing_seconds(route(4.1, 0.0)) > 0


def test_pieces_shrink_with_what_they_read_and_never_vanish():
    sides = [finishing_piece(Size(8, 8), Size(8 * ratio, 8 * ratio)).height for ratio in (1, 4, 64, 4096)]
    assert sides == [256, 128, 8, 1]
