"""What a model takes beside the file that it was read from."""

import hashlib

import pytest
import torch

from infdit_cli.config import SamplerConfig, UpscaleOptions
from infdit_cli.errors import OptionError
from infdit_cli.geometry import Size
from infdit_cli.model import Network
from infdit_cli.target import Target
from infdit_cli.upscaling import models
from infdit_cli.upscaling.models import LoadedModel, asked_sampler, load_model, make_upscaler, mapped_bytes
from infdit_cli.weights import Checkpoint
from support.jobs import tiny_weights
from support.tiny_models import TINY_REFINER


@pytest.mark.parametrize(("steps", "told"), [(0, "float32"), (1, "bfloat16")])
def test_the_number_format_that_is_told_is_that_of_what_computes(steps, told):
    tensors = dict(Network(TINY_REFINER).state_dict())
    sampler = SamplerConfig(steps=steps)
    checkpoint = Checkpoint(name="tiny", config=TINY_REFINER, sampler=sampler, tensors=tensors)
    upscaler = make_upscaler(checkpoint, device="cpu", dtype="bfloat16")
    assert (upscaler.dtype_name, upscaler.dtype) == (told, torch.bfloat16)


@pytest.mark.parametrize("dtype", ["float32", "float16", "bfloat16"])
def test_what_is_converted_stays_mapped_and_the_base_is_always_converted_from_16_bits(dtype):
    tensors = {name: tensor.half() for name, tensor in Network(TINY_REFINER).state_dict().items()}
    checkpoint = Checkpoint(name="tiny", config=TINY_REFINER, sampler=SamplerConfig(steps=1), tensors=tensors)
    upscaler = make_upscaler(checkpoint, device="cpu", dtype=dtype)
    is_converted = {name: name.startswith("base.") or dtype != "float16" for name in tensors}
    expected = sum(tensor.nbytes for name, tensor in tensors.items() if is_converted[name])
    assert mapped_bytes(checkpoint, upscaler) == expected


def test_what_the_base_lays_out_anew_stays_mapped_and_the_rest_of_its_number_format_is_used():
    tensors = {name: each.contiguous() for name, each in Network(TINY_REFINER).state_dict().items()}
    checkpoint = Checkpoint(name="tiny", config=TINY_REFINER, sampler=SamplerConfig(steps=1), tensors=tensors)
    upscaler = make_upscaler(checkpoint, device="cpu", dtype="float32")
    expected = sum(
        each.nbytes for name, each in tensors.items() if name.startswith("base.") and each.dim() == 4
    )
    assert mapped_bytes(checkpoint, upscaler) == expected


def test_each_tensor_that_was_copied_is_told():
    tensors = {name: tensor.half() for name, tensor in Network(TINY_REFINER).state_dict().items()}
    checkpoint = Checkpoint(name="tiny", config=TINY_REFINER, sampler=SamplerConfig(steps=1), tensors=tensors)
    told = []
    make_upscaler(checkpoint, device="cpu", dtype="float16", on_copied=told.append)
    copied = [tensor for name, tensor in tensors.items() if name.startswith("base.")]
    assert [each.data_ptr() for each in told] == [each.data_ptr() for each in copied]


def test_what_leaves_the_memory_of_the_file_is_not_counted_as_mapped(tmp_path, monkeypatch):
    asked = []

    class Forgetful:
        let_go_bytes = 1000

        def __init__(self, path):
            asked.append(path)

        def let_go(self, address, num_bytes):
            asked.append(num_bytes)

    path = tiny_weights(tmp_path / "tiny.safetensors")
    options = UpscaleOptions(target=Target(scale=4), weights=str(path), device="cpu", dtype="bfloat16")
    all_mapped = load_model(options).mapped_bytes
    monkeypatch.setattr(models, "MappedFile", Forgetful)
    assert load_model(options).mapped_bytes == all_mapped - 1000
    assert asked[0] == path
    assert sum(asked[1:]) == all_mapped


def test_weights_are_counted_as_they_are_held():
    network = Network(TINY_REFINER)
    sizes = {name: each.numel() for name, each in network.named_parameters()}
    tensors = {name: tensor.to(torch.float16) for name, tensor in network.state_dict().items()}
    checkpoint = Checkpoint(name="tiny", config=TINY_REFINER, sampler=SamplerConfig(steps=1), tensors=tensors)
    upscaler = make_upscaler(checkpoint, device="cpu", dtype="bfloat16")
    held = sum(size * (4 if name.startswith("base.") else 2) for name, size in sizes.items())
    assert upscaler.workload(Size(8, 8)).weights_bytes == held


def test_steps_that_no_sampler_walks_are_told_as_the_option_they_came_from():
    with pytest.raises(OptionError) as caught:
        asked_sampler(SamplerConfig(), steps=1_001)
    assert caught.value.message == "--steps is 1001; it goes from 0 to 1000"


@pytest.mark.parametrize("num_files", [0, 1, 2])
def test_what_stands_for_the_digests_of_files_that_are_not_read_is_as_long(tmp_path, num_files):
    paths = tuple(tiny_weights(tmp_path / f"{number}.safetensors") for number in range(num_files))
    model = LoadedModel(
        name="tiny", upscaler=None, paths=paths, restore=0.5, resident_bytes=0, mapped_bytes=0, guide_bytes=0
    )
    digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in paths]
    assert model.sha256 == (" ".join(digests) or None)
    assert len(model.unread_sha256 or "") == len(model.sha256 or "")
    assert (model.unread_sha256 is None) == (model.sha256 is None)
