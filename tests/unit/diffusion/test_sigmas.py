"""The Karras schedule."""

import pytest
import torch

from infdit_cli.diffusion import karras_sigmas
from infdit_cli.errors import OptionError


def test_a_single_step_goes_from_sigma_max_to_zero():
    assert karras_sigmas(1, 0.002, 40.0, 7.0).tolist() == [40.0, 0.0]


@pytest.mark.parametrize("steps", [2, 5, 20])
def test_sigmas_fall_from_sigma_max_through_sigma_min_to_zero(steps):
    sigmas = karras_sigmas(steps, 0.002, 40.0, 7.0)
    assert sigmas.shape == (steps + 1,)
    assert sigmas.dtype == torch.float32
    assert (sigmas.diff() < 0).all()
    assert sigmas[0].item() == 40.0
    assert sigmas[-2].item() == pytest.approx(0.002)
    assert sigmas[-1].item() == 0.0


def test_rho_one_spaces_levels_evenly():
    assert karras_sigmas(4, 1.0, 4.0, 1.0).tolist() == [4.0, 3.0, 2.0, 1.0, 0.0]


def test_roots_of_the_levels_are_evenly_spaced():
    roots = karras_sigmas(6, 0.002, 40.0, 7.0)[:-1].double() ** (1 / 7)
    torch.testing.assert_close(roots.diff(), roots.diff()[:1].expand(5), rtol=1e-5, atol=0)


@pytest.mark.parametrize("rho", [0.1, 0.2, 7.0, 1000.0])
@pytest.mark.parametrize("steps", [2, 20])
def test_the_last_level_is_sigma_min_however_steep_the_schedule(rho, steps):
    sigmas = karras_sigmas(steps, 0.002, 40.0, rho)
    assert (sigmas.diff() < 0).all()
    assert sigmas[-2].item() == pytest.approx(0.002)


def test_more_levels_than_float32_has_in_the_range_are_refused():
    with pytest.raises(OptionError, match=r"steps is 1000; .* between 0\.30001 and 0\.3 do not differ"):
        karras_sigmas(1000, 0.3, 0.30001, 7.0)
    assert len(karras_sigmas(10, 0.3, 0.30001, 7.0)) == 11
