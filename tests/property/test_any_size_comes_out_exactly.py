"""Any input, any scale: exactly the pixels asked for, all of them painted once, none of them broken."""

from functools import cache

import pytest
import torch

from infdit_cli.engine import TensorSource, Upscaler
from infdit_cli.geometry import Size
from infdit_cli.plan import make_route, roomiest_layout
from infdit_cli.target import Target
from infdit_cli.upscaling.chain import run_passes
from infdit_cli.upscaling.paint import StageOutput
from infdit_cli.upscaling.workplace import SCRATCH, Workplace
from support.journals import job_journal
from support.pipelines import IMAGE, RESIDUAL, random_lr, random_network, sampler_config
from support.spools import spool_in

SCALES = [1, 1.3, 1.5, 2, 3, 3.7, 4, 6, 8, 10.5]
TARGETS = [
    *(Target(scale=scale) for scale in SCALES),
    Target(width=70, height=90),
    Target(long_side=101),
    Target(megapixels=0.01),
]


@cache
def upscaler(config):
    sampler = sampler_config(config, 1)
    return Upscaler(random_network(config), sampler, device=torch.device("cpu"), dtype=torch.float32)


def upscaled(config, source, size, fidelity, folder):
    route = make_route(
        Size(*source.shape[2:]), size, native=4, native_only=config is RESIDUAL, fidelity=fidelity
    )
    works = zip((route.source, *route.passes), route.passes, strict=False)
    layouts = [roomiest_layout(upscaler(config).workload(before, size=after)) for before, after in works]
    times, canvas = torch.zeros(tuple(size)), torch.zeros((1, 3, *size))

    def paint(rect, image):
        times[rect.rows, rect.cols] += 1
        canvas[:, :, rect.rows, rect.cols] = image

    with job_journal(folder) as journal, spool_in(folder, size, SCRATCH) as spool:
        run_passes(
            upscaler(config),
            TensorSource(source),
            route,
            layouts,
            StageOutput(spool, paint),
            workplace=Workplace(journal=journal, scratch=folder, on_event=lambda _: None),
            seed=0,
        )
    assert (times == 1).all()
    return canvas


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.label)
@pytest.mark.parametrize("size", [(1, 1), (1, 7), (5, 3), (33, 17)], ids=str)
@pytest.mark.parametrize("config", [IMAGE, RESIDUAL], ids=["image", "residual"])
def test_any_size_comes_out_exactly(tmp_path, config, size, target):
    wanted = target.size(Size(*size))
    for fidelity in (0.0, 1.0):
        folder = tmp_path / str(fidelity)
        assert upscaled(config, random_lr(*size), wanted, fidelity, folder).isfinite().all()
