"""Which runs of the model lead to a size."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infdit_cli.geometry import Size
from infdit_cli.plan import make_route

SOURCE = Size(100, 60)
SIZES = st.builds(Size, st.integers(1, 500), st.integers(1, 500))


def route(scale, *, native_only, fidelity=0.0):
    target = Size(round(100 * scale), round(60 * scale))
    return make_route(SOURCE, target, native=4, native_only=native_only, fidelity=fidelity)


def gains(scale, *, native_only):
    return [size.height / SOURCE.height for size in route(scale, native_only=native_only).passes]


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (1, [1]),
        (1.5, [1.5]),
        (2, [2]),
        (4, [4]),
        (4.5, [4]),
        (5, [4]),
        (5.1, [4, 5.1]),
        (8, [4, 8]),
        (16, [4, 16]),
        (20, [4, 16]),
        (21, [4, 16, 21]),
        (32, [4, 16, 32]),
    ],
)
def test_a_picture_model_runs_at_its_own_scale_and_then_at_the_rest(scale, expected):
    assert gains(scale, native_only=False) == expected


@pytest.mark.parametrize(
    ("scale", "expected"),
    [(1, [4]), (2, [4]), (4, [4]), (5, [4]), (5.1, [4, 16]), (8, [4, 16]), (20, [4, 16]), (21, [4, 16, 64])],
)
def test_a_model_of_one_scale_overshoots_and_is_shrunk(scale, expected):
    assert gains(scale, native_only=True) == expected


@given(SIZES, st.floats(1, 70), st.floats(1, 70), st.sampled_from([2, 4, 8]), st.booleans())
def test_little_is_left_after_the_last_pass(source, down, across, native, native_only):
    target = Size(round(source.height * down), round(source.width * across))
    made = make_route(source, target, native=native, native_only=native_only, fidelity=0)
    last = made.passes[-1]
    assert all(4 * wanted <= 5 * side for wanted, side in zip(target, last, strict=True))
    assert made.passes[:-1] == tuple(source.scaled(native**n) for n in range(1, len(made.passes)))
    assert native_only <= (last == source.scaled(native ** len(made.passes)))


def test_a_picture_that_is_final_is_not_kept():
    final = route(16, native_only=True)
    assert not final.finished_apart
    assert final.kept == final.scratch == (Size(400, 240),)


@pytest.mark.parametrize(("scale", "fidelity"), [(15, 0.0), (16, 0.5), (17, 1.0)])
def test_a_picture_to_be_finished_is_kept_and_what_it_lacks_beside_it(scale, fidelity):
    apart = route(scale, native_only=True, fidelity=fidelity)
    assert apart.finished_apart
    assert apart.kept == (Size(400, 240), Size(1600, 960))
    assert apart.scratch == apart.kept + ((SOURCE,) if fidelity else ())
