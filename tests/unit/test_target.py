"""The output's size, exactly as it was asked for."""

import math
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infdit_cli.errors import OptionError, WouldShrink
from infdit_cli.geometry import Size
from infdit_cli.target import Target

SIZES = st.builds(Size, st.integers(1, 20_000), st.integers(1, 20_000))
# As people type them: a few decimals.
SCALES = st.decimals(1, 64, places=3)


def half_up(number):
    return int(number.quantize(Decimal(1), ROUND_HALF_UP))


@settings(max_examples=3000)
@given(SIZES, SCALES)
def test_a_scale_multiplies_each_side_and_rounds_half_up(source, scale):
    expected = Size(half_up(source.height * scale), half_up(source.width * scale))
    assert Target(scale=float(scale)).size(source) == expected


@pytest.mark.parametrize(
    ("target", "size"),
    [
        (Target(scale=np.float64(2.675)), Size(268, 535)),
        (Target(scale=np.float32(2.5)), Size(250, 500)),
        (Target(scale=np.int64(2)), Size(200, 400)),
        (Target(width=np.int64(300)), Size(150, 300)),
        (Target(width=np.int32(300), height=np.int32(200)), Size(200, 300)),
        (Target(long_side=np.int64(400)), Size(200, 400)),
        (Target(megapixels=np.float32(0.5)), Size(500, 1000)),
    ],
)
def test_numbers_may_be_those_of_numpy(target, size):
    found = target.size(Size(100, 200))
    assert found == size
    assert {type(side) for side in found} == {int}


def test_a_side_that_is_no_whole_number_is_refused():
    with pytest.raises(TypeError):
        Target(width=np.float64(300.5)).size(Size(100, 200))


@settings(max_examples=1000)
@given(SIZES, st.integers(1, 100))
def test_one_side_is_exact_and_the_other_keeps_the_aspect(source, times):
    width, height = source.width * times + times // 2, source.height * times + times // 2
    by_width, by_height = Target(width=width).size(source), Target(height=height).size(source)
    assert (by_width.width, by_height.height) == (width, height)
    assert abs(by_width.height - source.height * width / source.width) <= 0.5 + 1e-6
    assert abs(by_height.width - source.width * height / source.height) <= 0.5 + 1e-6
    assert Target(width=width, height=height).size(source) == Size(height, width)


@settings(max_examples=1000)
@given(SIZES, st.integers(1, 50))
def test_the_longer_side_is_exact(source, times):
    size = Target(long_side=max(source) * times).size(source)
    assert max(size) == max(source) * times


@settings(max_examples=1000)
@given(SIZES, st.floats(1, 50))
def test_megapixels_are_met_as_near_as_whole_sides_allow(source, times):
    megapixels = source.area * times / 1e6
    size = Target(megapixels=megapixels).size(source)
    exact = [side * math.sqrt(times) for side in source]
    assert all(abs(side - wanted) <= 0.5 + 1e-6 for side, wanted in zip(size, exact, strict=True))


@pytest.mark.parametrize(
    ("target", "source", "expected"),
    [
        (Target(scale=1), Size(1, 1), Size(1, 1)),
        (Target(scale=1.5), Size(1, 3), Size(2, 5)),
        (Target(scale=2.675), Size(100, 100), Size(268, 268)),
        (Target(width=2048), Size(400, 600), Size(1365, 2048)),
        (Target(long_side=600), Size(600, 1), Size(600, 1)),
        (Target(megapixels=24), Size(400, 600), Size(4000, 6000)),
        (Target(width=9, height=5), Size(5, 3), Size(5, 9)),
    ],
)
def test_sizes_by_example(target, source, expected):
    assert target.size(source) == expected


@pytest.mark.parametrize(
    "target",
    [
        Target(width=99),
        Target(height=49),
        Target(long_side=99),
        Target(megapixels=0.004),
        Target(width=200, height=49),
        Target(width=99, height=200),
    ],
)
def test_nothing_is_ever_made_smaller(target):
    with pytest.raises(WouldShrink, match="infdit only enlarges"):
        target.size(Size(50, 100))


@pytest.mark.parametrize(
    "ways",
    [
        {},
        {"scale": 2.0, "width": 100},
        {"width": 100, "long_side": 100},
        {"long_side": 9, "megapixels": 1.0},
        {"scale": 2.0, "megapixels": 1.0},
        {"width": 1, "height": 1, "scale": 4.0},
    ],
)
def test_the_size_is_said_in_exactly_one_way(ways):
    with pytest.raises(OptionError, match=r"output.* size is given") as caught:
        Target(**ways)
    assert "--long-side" in caught.value.hint


@pytest.mark.parametrize("scale", [0.0, 0.99, -4.0, math.nan, math.inf, 1e9])
def test_scales_below_one_and_beyond_sense_are_refused(scale):
    with pytest.raises(OptionError, match=r"^scale is"):
        Target(scale=scale)


@pytest.mark.parametrize("megapixels", [0.0, -1.0, math.nan, math.inf])
def test_an_area_is_more_than_nothing(megapixels):
    with pytest.raises(OptionError, match=r"^megapixels is"):
        Target(megapixels=megapixels)


@pytest.mark.parametrize("name", ["width", "height", "long_side"])
def test_a_side_is_at_least_a_pixel(name):
    with pytest.raises(OptionError, match=f"^{name} is 0"):
        Target(**{name: 0})


def test_only_a_size_of_another_aspect_distorts():
    source = Size(100, 150)
    assert not Target(scale=1.5).distorts(source)
    assert not Target(width=200, height=133).distorts(source)
    assert not Target(width=301, height=200).distorts(Size(133, 200))
    assert Target(width=300, height=300).distorts(source)


@pytest.mark.parametrize(
    ("target", "label"),
    [
        (Target(scale=4.0), "x4"),
        (Target(scale=1.5), "x1.5"),
        (Target(width=2048), "w2048"),
        (Target(height=1080), "h1080"),
        (Target(width=2048, height=1365), "2048x1365"),
        (Target(long_side=4000), "long4000"),
        (Target(megapixels=24.0), "24mp"),
    ],
)
def test_a_name_says_what_was_asked_for(target, label):
    assert target.label == label


@pytest.mark.parametrize("megapixels", [0.0, -1.0, 1e305, math.inf, math.nan])
def test_areas_that_nobody_can_compute_with_are_refused(megapixels):
    with pytest.raises(OptionError, match="megapixels"):
        Target(megapixels=megapixels)


def test_a_value_that_makes_no_sense_is_told_to_python_without_dashes_and_to_the_command_line_with_them():
    with pytest.raises(OptionError) as caught:
        Target(long_side=0)
    assert str(caught.value) == "long_side is 0; it must be at least 1 pixel"
    assert caught.value.message == "--long-side is 0; it must be at least 1 pixel"
