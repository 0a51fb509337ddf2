"""A disk that fills up under a run's own stores ends it with an error and leaves no file."""

import gc

import pytest
import torch

from infdit_cli.config import VisitOrder
from infdit_cli.engine import Session, Upscaler
from infdit_cli.errors import DiskFull, OutputNotWritable
from infdit_cli.geometry import Size
from infdit_cli.plan import Layout
from support.faults import file_size_limit
from support.pipelines import RESIDUAL, random_lr, random_network, sampler_config

LR = random_lr(20, 24)


def start(scratch, *, order: VisitOrder = "step", **places):
    sampler = sampler_config(RESIDUAL, 3)
    upscaler = Upscaler(random_network(RESIDUAL), sampler, device=torch.device("cpu"), dtype=torch.float32)
    layout = Layout(order=order, super_block=Size(2, 2), **places)
    return upscaler.start(LR, lambda *_: None, layout, session=Session(scratch=scratch)).visits


@pytest.mark.parametrize("places", [{"kv_place": "disk"}, {"canvas_place": "disk"}], ids=str)
def test_a_full_disk_ends_the_run_and_leaves_nothing(tmp_path, places):
    with file_size_limit(20_000), pytest.raises(DiskFull, match=str(tmp_path)):
        list(start(tmp_path, **places))
    assert not list(tmp_path.iterdir())


def test_a_promised_file_that_is_too_large_ends_the_run_before_its_first_visit(tmp_path):
    sampler = sampler_config(RESIDUAL, 3)
    upscaler = Upscaler(random_network(RESIDUAL), sampler, device=torch.device("cpu"), dtype=torch.float32)
    layout = Layout(order="step", super_block=Size(2, 2), kv_place="disk")
    with file_size_limit(1000), pytest.raises(DiskFull):
        next(upscaler.start(LR, lambda *_: None, layout, session=Session(scratch=tmp_path)).visits)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_went_away_is_told(tmp_path):
    with pytest.raises(OutputNotWritable):
        next(start(tmp_path / "gone", kv_place="disk"))


def test_a_plan_with_a_disk_needs_a_folder():
    with pytest.raises(ValueError, match="folder"):
        start(None, canvas_place="disk")


@pytest.mark.parametrize("num_visits", [0, 1, 7])
def test_a_run_that_is_closed_or_forgotten_leaves_nothing(tmp_path, monkeypatch, num_visits):
    monkeypatch.setattr("infdit_cli.engine.stores.slot_file.os.name", "one that cannot unlink open files")
    for leave in (lambda visits: visits.close(), lambda visits: None):
        visits = start(tmp_path, kv_place="disk", canvas_place="disk")
        for _ in range(num_visits):
            next(visits)
        assert len(list(tmp_path.glob(".infdit-*.store"))) == (2 if num_visits else 0)
        leave(visits)
        del visits
        gc.collect()
        assert not list(tmp_path.iterdir())


def test_a_run_that_fails_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr("infdit_cli.engine.stores.slot_file.os.name", "one that cannot unlink open files")
    visits = start(tmp_path, kv_place="disk", canvas_place="disk")
    next(visits)
    with pytest.raises(KeyboardInterrupt):
        visits.throw(KeyboardInterrupt)
    assert not list(tmp_path.iterdir())
