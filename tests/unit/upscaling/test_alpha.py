"""Alpha channels in whole jobs: sharp where colours are, exact where flat, taken up when broken off."""

import numpy as np
import pytest
import torch
from PIL import Image

from infdit_cli.engine import TensorSource, whole
from infdit_cli.engine.enlarged import Enlarged
from infdit_cli.events import Kept, Started
from support.jobs import Job, tiny_weights
from support.journals import write_every_leg_down
from support.pipelines import CPU, IMAGE, RESIDUAL, random_network

ALPHA = np.arange(14 * 10, dtype=np.uint8).reshape(14, 10)


@pytest.fixture(autouse=True)
def _every_leg_is_written_down(monkeypatch):
    write_every_leg_down(monkeypatch)
    monkeypatch.setattr("infdit_cli.plan.alpha.WINDOW_PX", 16)


@pytest.fixture
def job(tmp_path):
    job = Job(tmp_path)
    pixels = np.asarray(Image.open(job.source))
    Image.fromarray(np.dstack([pixels, ALPHA])).save(job.source)
    return job


def alpha_of(job, name="out.png"):
    with Image.open(job.folder / name) as image:
        return np.asarray(image.getchannel("A")).astype(int)


def set_alpha(job, level):
    with Image.open(job.source) as image:
        image.putalpha(level)
        image.save(job.source)


def stages(log):
    return [event.detail for event in log.events if isinstance(event, Started)]


@pytest.mark.parametrize("scale", [1.5, 4, 5])  # resized from one pass, one pass, two passes
def test_the_alpha_channel_is_a_pass_of_its_own(job, scale):
    log = job.run(scale=scale, steps=0)
    assert stages(log)[0] == "alpha"
    assert alpha_of(job).shape == (round(14 * scale), round(10 * scale))


def test_at_its_own_size_it_stays_as_it_is(job):
    log = job.run(scale=1)
    assert "alpha" not in stages(log)
    assert (alpha_of(job) == ALPHA).all()


def test_it_is_made_like_a_grey_picture(job):
    job.run()
    grey = torch.from_numpy(ALPHA / 127.5 - 1).float().expand(1, 3, -1, -1)
    base = random_network(RESIDUAL).base
    expected = whole(Enlarged(TensorSource(grey), base, CPU))[0].mean(dim=0).numpy()
    assert np.abs(alpha_of(job) - (expected.clip(-1, 1) + 1) * 127.5).max() <= 0.501


@pytest.mark.parametrize("level", [0, 200, 255])
def test_a_flat_channel_stays_exact_and_takes_no_pass(job, level):
    set_alpha(job, level)
    assert "alpha" not in stages(job.run())
    assert (alpha_of(job) == level).all()


def test_a_model_without_a_base_resizes_it(tmp_path, job):
    tiny_weights(job.weights, IMAGE)
    assert "alpha" not in stages(job.run())
    assert alpha_of(job).shape == (56, 40)


@pytest.mark.parametrize("stop_after", [4, 8, 12, 20, 36])
def test_a_run_that_is_broken_off_goes_on_and_gives_the_same_bytes(job, stop_after):
    whole = job.run("whole.png")
    pieces = sum(event.num_visits for event in whole.events if isinstance(event, Started))
    assert pieces > 36
    broken = job.run(stop_after=stop_after)
    resumed = job.run()
    first = next(event for event in resumed.events if isinstance(event, Started))
    assert first.num_done > 0 or first.detail != "alpha"
    assert isinstance(broken.events[-1], Kept)
    assert job.result() == job.result("whole.png")
    assert job.hidden == []
