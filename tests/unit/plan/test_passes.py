"""Which runs of the model lead to a scale."""

from math import prod

import pytest

from infdit_cli.errors import OptionError
from infdit_cli.plan import Pass, make_passes


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (2, (Pass(2),)),
        (4, (Pass(4),)),
        (8, (Pass(4), Pass(2))),
        (16, (Pass(4), Pass(4))),
        (32, (Pass(4), Pass(4), Pass(2))),
    ],
)
def test_a_picture_model_runs_at_its_own_scale_and_then_at_the_rest(scale, expected):
    assert make_passes(scale, native=4, native_only=False) == expected


@pytest.mark.parametrize(
    ("scale", "expected"), [(2, (Pass(4, 2),)), (4, (Pass(4),)), (8, (Pass(4), Pass(4, 2)))]
)
def test_a_model_of_one_scale_overshoots_and_is_shrunk(scale, expected):
    assert make_passes(scale, native=4, native_only=True) == expected


@pytest.mark.parametrize("native_only", [True, False])
@pytest.mark.parametrize("power", range(1, 11))
def test_the_gains_multiply_to_the_scale(power, native_only):
    for native in (2, 4, 8):
        passes = make_passes(2**power, native=native, native_only=native_only)
        assert prod(each.gain for each in passes) == 2**power


@pytest.mark.parametrize(("scale", "native"), [(4, 3), (2, 3), (8, 6), (3, 4), (0, 4)])
def test_a_scale_out_of_reach_is_refused(scale, native):
    with pytest.raises(OptionError, match=f"--scale is {scale}"):
        make_passes(scale, native=native, native_only=False)
