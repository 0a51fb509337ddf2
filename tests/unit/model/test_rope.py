"""Rotary positions: over the whole picture, by row and by column, starting over at the table's end."""

from dataclasses import replace

import torch

from infdit_cli.geometry import BlockIndex
from infdit_cli.model.rope import Rotation, rotate, rotation
from support.tiny_models import TINY

FIRST = BlockIndex(0, 0)
LIKE = torch.zeros(1, dtype=torch.float64)
SIDE = TINY.block_side_tokens


def turned_ones(config, grid=(1, 1), origin=FIRST):
    """Rotate ones; [n, m, T, D]."""
    ones = torch.ones(1, *grid, 1, config.block_tokens, config.head_dim, dtype=torch.float64)
    return rotate(ones, rotation(config, grid, origin, LIKE))[0, :, :, 0]


def test_a_super_block_turns_like_its_place_in_the_picture():
    whole = turned_ones(TINY, (3, 4))
    torch.testing.assert_close(turned_ones(TINY, (1, 2), BlockIndex(2, 1)), whole[2:, 1:3])


def test_positions_start_over_at_the_tables_end():
    config = replace(TINY, rope_table_tokens=3 * SIDE)
    torch.testing.assert_close(
        turned_ones(config, origin=BlockIndex(3, 4)), turned_ones(config, origin=BlockIndex(0, 1))
    )
    assert not torch.allclose(turned_ones(config, origin=BlockIndex(2, 0)), turned_ones(config))


def test_positions_start_over_within_a_block_too():
    config = replace(TINY, rope_table_tokens=SIDE + 1)
    second = turned_ones(config, origin=BlockIndex(1, 0))[0, 0]
    torch.testing.assert_close(second[SIDE:], turned_ones(config)[0, 0][:-SIDE])


def test_rows_turn_the_first_half_of_a_head_and_columns_the_second():
    half = TINY.head_dim // 2
    start, below, beside = (
        turned_ones(TINY, origin=BlockIndex(*place)) for place in ((0, 0), (1, 0), (0, 1))
    )
    assert torch.equal(below[..., half:], start[..., half:])
    assert torch.equal(beside[..., :half], start[..., :half])
    assert not torch.allclose(below[..., :half], start[..., :half])
    assert not torch.allclose(beside[..., half:], start[..., half:])


def test_products_depend_on_the_distance_alone():
    generator = torch.Generator().manual_seed(0)
    shape = (1, 1, 1, 1, TINY.block_tokens, TINY.head_dim)
    q, k = (torch.randn(shape, generator=generator, dtype=torch.float64) for _ in range(2))

    def products(origin):
        turn = rotation(TINY, (1, 1), origin, LIKE)
        return rotate(q, turn) @ rotate(k, turn).mT

    # Angles are float32 whatever the dtype, hence the wide limit.
    torch.testing.assert_close(products(FIRST), products(BlockIndex(5, 7)), rtol=0, atol=1e-4)


def test_neighbouring_values_form_a_pair():
    x = torch.zeros(1, 1, 1, 1, TINY.block_tokens, TINY.head_dim)
    x[..., 0] = 1
    turned = rotate(x, rotation(TINY, (1, 1), FIRST, x))[0, 0, 0, 0]
    rows = torch.arange(TINY.block_tokens) // SIDE
    torch.testing.assert_close(turned[:, 0], rows.cos())
    torch.testing.assert_close(turned[:, 1], rows.sin())
    assert not turned[:, 2:].any()


def test_complex_numbers_turn_as_pairs_do():
    x = torch.randn(2, 3, 2, 4, TINY.block_tokens, TINY.head_dim, generator=torch.Generator().manual_seed(1))
    turn = rotation(TINY, (3, 2), FIRST, x)
    wide = Rotation(turn.cos.double(), turn.sin.double())
    torch.testing.assert_close(rotate(x, turn).double(), rotate(x.double(), wide), rtol=0, atol=1e-6)


def test_half_precision_angles_come_from_float32():
    like = torch.zeros(1, dtype=torch.bfloat16)
    far = rotation(TINY, (1, 1), BlockIndex(0, 1001), like)
    exact = rotation(TINY, (1, 1), BlockIndex(0, 1001), LIKE)
    assert far.cos.dtype == torch.bfloat16
    torch.testing.assert_close(far.cos.double(), exact.cos, rtol=0, atol=4e-3)
