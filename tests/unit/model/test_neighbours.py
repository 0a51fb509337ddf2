"""The border rule against a loop over blocks that clamps coordinates."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from infdit_cli.geometry import Rect
from infdit_cli.model import KV, Halo
from infdit_cli.model.neighbours import gather_slots
from support.super_blocks import Remembered

NO_VECTORS = torch.zeros(4, 1, 1)


@st.composite
def rects_in_canvases(draw):
    rows, cols = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    top, left = draw(st.integers(0, rows - 1)), draw(st.integers(0, cols - 1))
    bottom, right = draw(st.integers(top + 1, rows)), draw(st.integers(left + 1, cols))
    return (rows, cols), Rect(top, left, bottom, right)


def canvas(rows, cols):
    """One token a block, each value unlike all others."""
    k = torch.arange(rows * cols, dtype=torch.float32).reshape(1, rows, cols, 1, 1, 1)
    return KV(k, -k - 1)


def cut(whole, rect):
    return KV(*(part[:, rect.rows, rect.cols] for part in whole))


def halo_in(whole, rect):
    shape = whole.k.shape
    places = Rect(0, 0, shape[1], shape[2]).blocks()
    blocks = {(0, each): cut(whole, Rect(*each, each.row + 1, each.col + 1)) for each in places}
    return Remembered(blocks, rect).halo(0)


def clamped(part, block):
    """The four blocks that one block reads, by clamping coordinates."""
    row, col = block
    places = [(row, col), (row - 1, col - 1), (row, col - 1), (row - 1, col)]
    return [part[0, max(i, 0), max(j, 0), 0, 0, 0].item() for i, j in places]


@given(rects_in_canvases())
def test_slots_are_the_clamped_neighbours_of_every_block(drawn):
    size, rect = drawn
    whole = canvas(*size)
    slots = gather_slots(cut(whole, rect), halo_in(whole, rect), NO_VECTORS)
    for block in rect.blocks():
        place = (0, block.row - rect.top, block.col - rect.left, 0)
        assert slots.k[place].flatten().tolist() == clamped(whole.k, block)
        assert slots.v[place].flatten().tolist() == clamped(whole.v, block)


def test_slot_vectors_are_added_to_keys_alone():
    whole = canvas(2, 2)
    vectors = torch.tensor([0.1, 0.2, 0.3, 0.4]).reshape(4, 1, 1)
    bare = gather_slots(whole, Halo(), NO_VECTORS)
    marked = gather_slots(whole, Halo(), vectors)
    expected = torch.tensor([0.1, 0.2, 0.3, 0.4]).reshape(4, 1).expand(marked.k.shape)
    torch.testing.assert_close(marked.k - bare.k, expected)
    assert torch.equal(marked.v, bare.v)


def test_tokens_of_a_slot_stay_together():
    k = torch.arange(3.0).reshape(1, 1, 1, 1, 3, 1)
    slots = gather_slots(KV(k, k), Halo(), torch.arange(4.0).reshape(4, 1, 1) * 10)
    assert slots.k.flatten().tolist() == [0, 1, 2, 10, 11, 12, 20, 21, 22, 30, 31, 32]


def test_halo_of_the_first_block_is_empty():
    assert halo_in(canvas(2, 2), Rect(0, 0, 1, 1)) == Halo()


@pytest.mark.parametrize("size", [(1, 1), (1, 3), (3, 1), (2, 2)], ids=str)
def test_every_block_has_its_gradient_however_few_there_are(size):
    k, v = (part.requires_grad_() for part in canvas(*size))
    slots = gather_slots(KV(k, v), Halo(), NO_VECTORS)
    (slots.k.sum() + slots.v.sum()).backward()
    read = sum(blocks_read(block, size) for block in Rect(0, 0, *size).blocks())
    torch.testing.assert_close(k.grad.flatten(), read)
    torch.testing.assert_close(v.grad.flatten(), read)


def blocks_read(block, size):
    """How often one block reads each of the canvas."""
    part = torch.arange(size[0] * size[1]).reshape(1, *size, 1, 1, 1)
    return torch.bincount(torch.tensor(clamped(part, block)), minlength=part.numel()).float()
