"""What counts towards a plan when all is computed: the encoder, where it takes more than computing did."""

import pytest

from infdit_cli.geometry import Size
from infdit_cli.plan import JobBytes, Layout, Workload
from infdit_cli.plan.memory import account
from support.real_sizes import COMPACT, CPU_TRAITS, GPU_TRAITS

MIB = 1 << 20
LAYOUT = Layout(order="block", super_block=Size(2, 2))


def work(device=CPU_TRAITS, **job_bytes):
    return Workload(
        config=COMPACT,
        grid=Size(6, 6),
        num_evaluations=1,
        state_planes=0,
        dtype_bytes=4,
        weights_bytes=7 * MIB,
        job_bytes=JobBytes(process=200 * MIB, **job_bytes),
        device=device,
    )


def held(place, **changed):
    return sum(item.nbytes for item in account(work(**changed), LAYOUT) if item.place == place)


def test_an_encoder_that_needs_less_than_computing_did_takes_nothing_on_top():
    assert account(work(aside=MIB), LAYOUT) == account(work(), LAYOUT)


@pytest.mark.parametrize("aside", [300 * MIB, 1000 * MIB])
def test_an_encoder_that_needs_more_sets_the_peak_with_the_weights_and_the_picture(aside):
    assert held("device", aside=aside) == (200 + 7) * MIB + aside


def test_encoding_takes_host_memory_where_the_device_has_its_own():
    assert held("device", device=GPU_TRAITS, aside=500 * MIB) == held("device", device=GPU_TRAITS)
    assert held("host", device=GPU_TRAITS, aside=500 * MIB) == 700 * MIB


def test_the_encoder_is_named():
    [item] = set(account(work(aside=500 * MIB), LAYOUT)) - set(account(work(), LAYOUT))
    assert (item.name, item.place) == ("CLIP, alpha or encoder", "device")
