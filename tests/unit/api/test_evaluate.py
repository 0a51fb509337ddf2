"""What an evaluation refuses before any work, and what it scores unless told otherwise."""

from dataclasses import replace

import pytest

from infdit_cli.api.evaluate import evaluate
from infdit_cli.config import EvaluateOptions, SamplerConfig
from infdit_cli.errors import OptionError, OutputError, UnreadableImage
from infdit_cli.model import Network
from infdit_cli.weights import Checkpoint, save_checkpoint
from support.entries import tiny_file
from support.photos import make_folder
from support.tiny_models import TINY, TINY_REFINER


def refused(data, **files):
    evaluate(data, EvaluateOptions(steps=(0,), metrics=("psnr",), **files), on_event=pytest.fail)


@pytest.mark.parametrize("files", [("sheet",), ("plot",), ("sheet", "plot")], ids=str)
def test_links_in_a_circle_are_no_files_to_write(tmp_path, files):
    make_folder(tmp_path / "photos", count=1)
    loop = tmp_path / "loop.png"
    loop.symlink_to(loop)
    with pytest.raises(OutputError, match=r"loop\.png: "):
        refused(tmp_path / "photos", **dict.fromkeys(files, loop))


def test_photos_in_a_circle_are_no_folder(tmp_path):
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    with pytest.raises(UnreadableImage, match="is not a folder"):
        refused(loop, sheet=tmp_path / "sheet.png")


@pytest.mark.parametrize("tracks", [("degraded",), ("clean", "degraded")], ids=str)
def test_a_track_that_none_of_the_metrics_is_for_is_refused(tmp_path, tracks):
    wanted = EvaluateOptions(metrics=("consistency", "seams"), tracks=tracks, weights="nobody")
    with pytest.raises(OptionError, match="seams nothing is measured on the degraded track"):
        evaluate(make_folder(tmp_path / "photos", count=1), wanted, on_event=pytest.fail)


@pytest.mark.parametrize(
    ("config", "methods"),
    [(TINY_REFINER, ["steps 0", "steps 1", "steps 4"]), (replace(TINY, vector_dim=0), ["steps 3"])],
    ids=["with a base", "without"],
)
def test_the_usual_numbers_of_steps_are_those_that_the_model_can_do(tmp_path, config, methods):
    tensors = Network(config).state_dict()
    sampler = SamplerConfig(steps=3)
    path = tmp_path / "tiny.safetensors"
    save_checkpoint(Checkpoint(name="tiny", config=config, sampler=sampler, tensors=tensors), path)
    report = evaluate(
        make_folder(tmp_path / "photos", count=1),
        EvaluateOptions(weights=str(path), metrics=("psnr",), device="cpu"),
    )
    assert [mean.method for mean in report.result.tracks[0].means] == methods


def test_the_weights_are_in_memory_once_however_many_steps_are_compared(tmp_path, monkeypatch):
    built, from_tensors = [], Network.from_tensors

    def counting(*args, **options):
        built.append(1)
        return from_tensors(*args, **options)

    monkeypatch.setattr(Network, "from_tensors", counting)
    tiny_file(tmp_path / "tiny.safetensors", TINY_REFINER)
    report = evaluate(
        make_folder(tmp_path / "photos", count=1),
        EvaluateOptions(
            weights=str(tmp_path / "tiny.safetensors"), steps=(0, 1, 2), metrics=("psnr",), device="cpu"
        ),
    )
    assert [mean.steps for mean in report.result.tracks[0].means] == [0, 1, 2]
    assert len(built) == 1
