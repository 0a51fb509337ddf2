"""What counts towards a plan when all is computed: the encoder, where it takes more than computing did."""

import pytest

from infdit_cli.geometry import Size
from infdit_cli.plan import Layout, Workload
from infdit_cli.plan.memory import account
from support.real_sizes import COMPACT

MIB = 1 << 20
LAYOUT = Layout(order="block", super_block=Size(2, 2))


def work(**changed):
    return Workload(
        config=COMPACT,
        grid=Size(6, 6),
        num_evaluations=1,
        state_planes=0,
        dtype_bytes=4,
        weights_bytes=7 * MIB,
        process_bytes=200 * MIB,
        **changed,
    )


def held(place, **changed):
    return sum(item.nbytes for item in account(work(**changed), LAYOUT) if item.place == place)


def test_an_encoder_that_needs_less_than_computing_did_takes_nothing_on_top():
    assert account(work(aside_bytes=MIB), LAYOUT) == account(work(), LAYOUT)


@pytest.mark.parametrize("aside_bytes", [300 * MIB, 1000 * MIB])
def test_an_encoder_that_needs_more_sets_the_peak_with_the_weights_and_the_picture(aside_bytes):
    assert held("device", aside_bytes=aside_bytes) == (200 + 7) * MIB + aside_bytes


def test_encoding_takes_host_memory_where_the_device_has_its_own():
    assert held("device", unified=False, aside_bytes=500 * MIB) == held("device", unified=False)
    assert held("host", unified=False, aside_bytes=500 * MIB) == 700 * MIB


def test_the_encoder_is_named():
    [item] = set(account(work(aside_bytes=500 * MIB), LAYOUT)) - set(account(work(), LAYOUT))
    assert (item.name, item.place) == ("CLIP, alpha or encoder", "device")
