"""A method of an evaluation makes the pixels that ``infdit upscale`` writes."""

from dataclasses import replace

import numpy as np
import pytest

from infdit_cli.api import model_method as module
from infdit_cli.api.model_method import model_method
from infdit_cli.api.upscale import upscale
from infdit_cli.config import MemoryLimit, OutputOptions, UpscaleOptions
from infdit_cli.errors import DoesNotFit
from infdit_cli.images import read_image
from infdit_cli.upscaling.models import load_model
from support.jobs import picture, tiny_weights


@pytest.fixture
def options(tmp_path):
    weights = tiny_weights(tmp_path / "tiny.safetensors")
    return UpscaleOptions(weights=str(weights), device="cpu", output=OutputOptions(provenance=False))


@pytest.fixture
def photo(tmp_path):
    return picture(tmp_path / "in.png", 13, 22)


def enlarged(options, photo, folder, steps=2):
    folder.mkdir(exist_ok=True)
    method = model_method(load_model(options), steps, options, folder)
    hr = method.enlarge(read_image(photo).rgb, 4)
    assert list(folder.iterdir()) == []
    return hr


@pytest.mark.parametrize("fidelity", [0.0, 0.5])
@pytest.mark.parametrize("steps", [0, 2])
def test_its_pixels_are_those_of_an_upscale(options, photo, tmp_path, steps, fidelity):
    options = replace(options, fidelity=fidelity)
    upscale(photo, tmp_path / "out.png", replace(options, steps=steps), on_event=lambda _: None)
    made = enlarged(options, photo, tmp_path / "work", steps)
    assert made.dtype == np.uint8
    np.testing.assert_array_equal(made, read_image(tmp_path / "out.png").rgb)


def test_what_fits_no_memory_is_refused_as_an_upscale_is(options, photo, tmp_path):
    small = replace(options, memory=MemoryLimit(num_bytes=1 << 20))
    with pytest.raises(DoesNotFit, match="MiB of memory"):
        enlarged(small, photo, tmp_path / "work")


def test_where_the_usual_walk_does_not_fit_another_is_planned(options, photo, tmp_path, monkeypatch):
    asked, plan_job = [], module.plan_job

    def refusing(draft, model):
        asked.append(draft.options.block_batch)
        if draft.options.block_batch:
            raise DoesNotFit("too large")
        return plan_job(draft, model)

    monkeypatch.setattr(module, "plan_job", refusing)
    made = enlarged(options, photo, tmp_path / "work")
    assert made.shape == (52, 88, 3)
    assert asked == [(4, 6), None]
