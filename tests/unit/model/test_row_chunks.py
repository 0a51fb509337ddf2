"""A super-block in chunks is the super-block at once."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from infdit_cli.geometry import Size
from infdit_cli.model import InfDiT, LRWindow, row_chunks
from infdit_cli.model.row_chunks import by_rows
from support.closeness import assert_close
from support.golden import random_weights
from support.super_blocks import Picture, evaluate, raster
from support.tiny_models import TINY, TINY_REFINER


@given(st.integers(1, 9), st.integers(1, 4), st.integers(1, 3))
def test_every_row_is_computed_once_in_chunks_that_are_not_larger_than_asked(n, m, batch):
    x, seen = torch.rand(batch, n, m, 64, 2), []

    def compute(rows):
        seen.append(rows)
        return x[:, rows] + 1

    with torch.no_grad(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(row_chunks, "CPU_CHUNK_TOKENS", 64 * 7)
        assert torch.equal(by_rows(compute, x), x + 1)
    assert [row for rows in seen for row in range(rows.start, rows.stop)] == list(range(n))
    assert all(rows.stop - rows.start == 1 or (rows.stop - rows.start) * m * batch <= 7 for rows in seen)


def test_gradients_are_computed_in_one_chunk(monkeypatch):
    monkeypatch.setattr(row_chunks, "CPU_CHUNK_TOKENS", 1)
    seen = []
    by_rows(lambda rows: seen.append(rows) or torch.zeros(1), torch.rand(1, 5, 2, 4, 2))
    assert seen == [slice(0, 5)]


@pytest.mark.parametrize("config", [TINY, TINY_REFINER], ids=["picture", "refiner"])
@pytest.mark.parametrize("size", [(5, 4), (3, 2), (2, 4)], ids=str)
@torch.no_grad()
def test_a_network_in_chunks_gives_the_same_pixels(monkeypatch, config, size):
    model = random_weights(InfDiT(config))
    generator = torch.Generator().manual_seed(1)
    grid = Size(5, 4)
    inputs = torch.randn(2, 6, *grid.scaled(config.block_px), generator=generator)
    lr = torch.randn(2, config.lr_channels, *grid.scaled(config.block_lr_px), generator=generator)
    vector = torch.randn(2, config.vector_dim, generator=generator) if config.vector_dim else None
    picture = Picture(inputs, torch.tensor([0.1, -0.4]), lr, vector, grid)
    whole = model(inputs, picture.c_noise, LRWindow(lr), vector=vector)
    monkeypatch.setattr(row_chunks, "CPU_CHUNK_TOKENS", 1)
    assert_close(evaluate(model, picture, raster(grid, *size)), whole, "super_blocks")
