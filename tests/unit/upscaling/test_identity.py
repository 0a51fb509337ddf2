"""What decides the pixels is told apart; what does not is not."""

from dataclasses import fields, replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
import torch

from infdit_cli.config import MemoryLimit, OutputOptions, TextControl, UpscaleOptions
from infdit_cli.engine import Upscaler
from infdit_cli.geometry import Size
from infdit_cli.images import SourceImage
from infdit_cli.metadata import Metadata
from infdit_cli.plan import Route
from infdit_cli.target import Target
from infdit_cli.tiles import Output, PixelFormat
from infdit_cli.upscaling.identity import differences, identity
from support.pictures import noise
from support.pipelines import RESIDUAL, random_network, sampler_config

UPSCALER = Upscaler(
    random_network(RESIDUAL), sampler_config(RESIDUAL, 2), device=torch.device("cpu"), dtype=torch.float32
)
PIXELS = noise(6, 5, channels=4)
PICTURE = SourceImage(rgb=PIXELS[..., :3], alpha=PIXELS[..., 3], grey=False, metadata=Metadata())
OPTIONS = UpscaleOptions()
OTHER_VALUES = {
    "seed": 1,
    "order": "step",
    "block_batch": (1, 2),
    "text": TextControl(toward="sharp"),
}
NO_MATTER = {
    "target": Target(scale=2),
    "weights": "w.safetensors",
    "restore": 0.5,
    "fidelity": 0.5,
    "overwrite": True,
    "fresh": True,
    "memory": MemoryLimit(share=0.5),
    "spool": Path("/fast"),
    "steps": 2,
    "sampler": "dpmpp-2m",
    "device": "cpu",
    "dtype": "float32",
    "output": OutputOptions(quality=50),
}


def told(picture=PICTURE, options=OPTIONS, upscaler=UPSCALER, passes=1, fidelity=1.0):
    size = picture.size.scaled(4)
    route = Route(
        source=picture.size,
        passes=tuple(picture.size.scaled(4**number) for number in range(1, passes + 1)),
        target=size,
        fidelity=fidelity,
    )
    job = SimpleNamespace(
        picture=picture,
        options=options,
        upscaler=upscaler,
        route=route,
        output=Output(path=Path("out.png"), size=size, pixel_format=PixelFormat(4, picture.rgb.dtype)),
    )
    return identity(job)


def test_every_option_is_either_told_or_known_not_to_matter():
    assert {each.name for each in fields(UpscaleOptions)} == OTHER_VALUES.keys() | NO_MATTER.keys()


@pytest.mark.parametrize("name", OTHER_VALUES)
def test_an_option_that_decides_pixels_is_named(name):
    changed = told(options=replace(OPTIONS, **{name: OTHER_VALUES[name]}))
    words = "--toward, --away or --guidance" if name == "text" else f"--{name.replace('_', '-')}"
    assert differences(told(), changed) == [words]


@pytest.mark.parametrize("name", NO_MATTER)
def test_an_option_that_decides_no_pixel_is_left_out(name):
    assert told(options=replace(OPTIONS, **{name: NO_MATTER[name]})) == told()


@pytest.mark.parametrize(
    "change",
    [
        {"rgb": PIXELS[..., :3].copy() ^ np.eye(6, 5, dtype=np.uint8)[..., None]},
        {"rgb": PIXELS[::-1, :, :3]},
        {"rgb": PIXELS[..., :3].astype(np.uint16)},
        {"alpha": None},
        {"alpha": PIXELS[..., 0]},
        {"grey": True},
    ],
    ids=["a bit", "upside down", "16 bits", "no alpha", "other alpha", "grey"],
)
def test_other_pixels_are_another_input(change):
    assert "the input" in differences(told(), told(replace(PICTURE, **change)))


def test_a_copy_of_the_pixels_and_other_metadata_are_the_same_input():
    metadata = Metadata(icc_profile=b"profile", exif=b"exif")
    copy = replace(PICTURE, rgb=PICTURE.rgb.copy(), metadata=metadata, notes=("note",))
    assert told(copy) == told()


def test_a_view_of_a_larger_picture_is_only_what_it_shows():
    large = noise(4000, 900)
    assert told(replace(PICTURE, rgb=large[:, 100:600], alpha=None)) == told(
        replace(PICTURE, rgb=large[:, 100:600].copy(), alpha=None)
    )


@pytest.mark.parametrize("part", ["base.", "transformer."])
def test_a_single_weight_makes_other_weights(part):
    network = random_network(RESIDUAL)
    name, parameter = next(each for each in network.named_parameters() if each[0].startswith(part))
    assert name.startswith(part)
    parameter[-1:].mul_(1 + 1e-6)
    sampler = sampler_config(RESIDUAL, 2)
    other = Upscaler(network, sampler, device=torch.device("cpu"), dtype=torch.float32)
    assert differences(told(), told(upscaler=other)) == ["the weights, --restore or the number format"]


def test_the_sampler_the_passes_the_fidelity_and_the_size_are_told():
    other = Upscaler(
        random_network(RESIDUAL), sampler_config(RESIDUAL, 3), device=torch.device("cpu"), dtype=torch.float32
    )
    assert differences(told(), told(upscaler=other)) == ["the sampler"]
    assert differences(told(), told(passes=2)) == ["the passes"]
    assert differences(told(), told(fidelity=0.5)) == ["--fidelity"]
    wide = replace(PICTURE, rgb=noise(6, 6), alpha=noise(6, 6)[..., 0])
    assert differences(told(), told(wide)) == ["the input", "the passes", "the output's pixels"]
    assert wide.size == Size(6, 6)


def test_names_that_one_side_lacks_differ():
    assert differences({"a": "1", "b": "2"}, {"b": "2", "c": "3"}) == ["a", "c"]
