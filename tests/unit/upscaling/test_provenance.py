"""The checkpoint's digest: read once, where an output is to name it, of the file that made the picture."""

import hashlib

import pytest

from infdit_cli.api.batch import upscale_all
from infdit_cli.api.plan import plan_upscale
from infdit_cli.batch import BatchItem
from infdit_cli.config import OutputOptions, UpscaleOptions
from infdit_cli.events import Visited
from infdit_cli.images import read_image
from infdit_cli.upscaling import models
from support.jobs import picture, tiny_weights


@pytest.fixture
def read(monkeypatch):
    """The checkpoints that were read for their digests."""
    paths, fingerprint = [], models.fingerprint

    def counting(path):
        paths.append(path)
        return fingerprint(path)

    monkeypatch.setattr(models, "fingerprint", counting)
    return paths


@pytest.fixture
def weights(tmp_path):
    return tiny_weights(tmp_path / "tiny.safetensors")


@pytest.fixture
def items(tmp_path):
    names = ["0.png", "1.png", "2.png"]
    return [
        BatchItem(source=picture(tmp_path / name, 4, 4), destination=tmp_path / f"out-{name}", nbytes=100)
        for name in names
    ]


def upscaled(items, weights, *, on_event=lambda _: None, **output):
    options = UpscaleOptions(weights=str(weights), output=OutputOptions(**output), device="cpu")
    outcomes = []
    upscale_all(items, options, on_event=on_event, on_outcome=outcomes.append)
    return [read_image(each.destination).metadata.xmp or b"" for each in outcomes]


def test_a_plan_reads_no_digest(items, weights, read):
    plan_upscale(items[0].source, items[0].destination, UpscaleOptions(weights=str(weights), device="cpu"))
    assert not read


def test_a_batch_reads_it_once_and_every_picture_names_it(items, weights, read):
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()
    assert all(digest.encode() in xmp for xmp in upscaled(items, weights))
    assert read == [weights]


@pytest.mark.parametrize("output", [{"strip": True}, {"provenance": False}], ids=str)
def test_it_is_not_read_for_pictures_that_do_not_name_it(items, weights, read, output):
    upscaled(items, weights, **output)
    assert not read


def test_pictures_name_the_file_that_made_them_and_not_what_replaced_it_meanwhile(items, weights):
    digest = hashlib.sha256(weights.read_bytes()).hexdigest()

    def replacing(event):
        if isinstance(event, Visited):
            tiny_weights(weights, seed=1)

    assert all(digest.encode() in xmp for xmp in upscaled(items, weights, on_event=replacing))
