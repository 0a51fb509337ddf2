"""Where the transformer may add something, and where it may not."""

import torch

from infdit_cli.config import BaseConfig
from infdit_cli.model.spread import local_detail, residual_spread, smoothness_gate

CONFIG = BaseConfig()


def _spread(plane: torch.Tensor) -> torch.Tensor:
    return residual_spread(local_detail(plane.expand(1, 3, -1, -1)), CONFIG, 4)


def test_flat_colours_and_smooth_gradients_get_the_floor_alone():
    ramp = torch.linspace(-1, 1, 32)
    slope = (0.5 * ramp[:, None] + 0.4 * ramp[None, :])[None, None]
    for plane in (torch.full((1, 1, 32, 32), 0.3), slope):
        inner = _spread(plane)[:, :, 12:-12, 12:-12]
        torch.testing.assert_close(inner, torch.full_like(inner, CONFIG.spread_floor), rtol=0, atol=1e-4)


def test_the_base_adds_nothing_to_smooth_colour_and_all_it_has_learned_to_detail():
    ramp = torch.linspace(-1, 1, 32).expand(1, 3, 32, 32)
    torch.manual_seed(0)
    assert smoothness_gate(local_detail(ramp))[..., 4:-4].max() < 1e-3
    assert smoothness_gate(local_detail(torch.rand(1, 3, 32, 32))).min() > 0.999


def test_an_edge_gets_more_the_higher_it_is():
    def edge(height: float) -> float:
        plane = torch.zeros(1, 1, 16, 16)
        plane[..., 8:] = height
        return _spread(plane)[0, 0, 32, 32].item()

    assert 10 * CONFIG.spread_floor < edge(0.2) < edge(0.5) < edge(1.5)
    assert edge(1.5) < CONFIG.spread_floor + CONFIG.spread_slope * CONFIG.spread_knee


def test_the_spread_depends_on_pixels_within_the_base_s_halo():
    torch.manual_seed(0)
    lr = torch.rand(1, 3, 40, 40)
    changed = lr.clone()
    changed[..., 20, 20] += 0.5
    differs = (_spread(lr) != _spread(changed))[0, 0]
    rows = differs.any(dim=1).nonzero()
    reach = max(80 - rows.min().item(), rows.max().item() - 83)
    assert 0 < reach <= 4 * CONFIG.halo_px
