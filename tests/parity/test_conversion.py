"""The original's own files, through our converter, into our model, against the original's numbers."""

import json

import pytest
import torch

from infdit_cli.errors import UnknownKeys, WeightsError
from infdit_cli.model import Network
from infdit_cli.settings import Settings
from infdit_cli.weights import find_entry, load_checkpoint
from infdit_cli.weights.original import convert_file
from support import face
from support.closeness import assert_close
from support.golden import PARITY, denoise_case, load_case, original_tensors

NAME = "mp_rank_00_model_states.pt"
FILES = {
    "A": PARITY / "A" / NAME,
    "A trained": PARITY / "A" / "with_training_state" / NAME,
    "C": PARITY / "C" / NAME,
}
CASES = [
    ("A", "denoise_square"),
    ("A", "denoise_rope_wrap"),
    ("A trained", "denoise_square"),
    ("C", "denoise_square"),
    ("C", "denoise_tall"),
]


def accept(_checkpoint):
    """Check nothing."""


@pytest.fixture(scope="module")
def converted(tmp_path_factory):
    """Each reference model's file after ``infdit weights convert``."""
    folder = tmp_path_factory.mktemp("converted")
    for name, source in FILES.items():
        assert face.run("weights", "convert", source, folder / f"{name}.safetensors", "--quiet") == 0
    return folder


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_converted_file_gives_the_originals_numbers(converted, name, case):
    checkpoint = load_checkpoint(converted / f"{name}.safetensors")
    model = Network.from_tensors(checkpoint.config, checkpoint.tensors).transformer
    tensors = load_case(name.split()[0], case)
    for x, sigma, expected in zip(tensors["x"], tensors["sigma"], tensors["denoised"], strict=True):
        batch = x if x.ndim == 4 else x[None]
        denoised, _ = denoise_case(model, tensors, batch, sigma.reshape(1).expand(len(batch)))
        assert_close(denoised, expected.reshape(denoised.shape), "denoised", f"{name} {case}")


def test_the_header_says_what_the_model_is(converted):
    checkpoint = load_checkpoint(converted / "A.safetensors")
    assert (checkpoint.config.num_layers, checkpoint.config.rope_table_tokens) == (3, 64)
    assert (checkpoint.sampler.name, checkpoint.sampler.steps) == ("heun", 20)
    assert checkpoint.training == {"converted_from": NAME}


def test_the_image_tower_comes_along_under_open_clips_names(converted):
    theirs = {
        key.removeprefix("image_encoder.model."): tensor
        for key, tensor in original_tensors("A").items()
        if key.startswith("image_encoder.model.visual.")
    }
    tower = load_checkpoint(converted / "A.safetensors").image_tower
    assert tower.keys() == theirs.keys()
    assert all(torch.equal(tower[name].float(), tensor) for name, tensor in theirs.items())
    assert not load_checkpoint(converted / "C.safetensors").image_tower


def test_values_stay_in_bfloat16(converted):
    tensors = load_checkpoint(converted / "C.safetensors").tensors
    assert {tensor.dtype for tensor in tensors.values()} == {torch.bfloat16}


def test_conversion_as_a_function_gives_the_same_checkpoint(converted, tmp_path):
    convert_file(FILES["A"], tmp_path / "A.safetensors", check=accept)
    once, again = load_checkpoint(tmp_path / "A.safetensors"), load_checkpoint(converted / "A.safetensors")
    assert (once.config, once.sampler, once.training) == (again.config, again.sampler, again.training)
    assert all(torch.equal(tensor, again.tensors[name]) for name, tensor in once.tensors.items())


def test_a_file_of_other_sizes_is_not_the_entry(tmp_path):
    settings = Settings(config_dir=tmp_path, cache_dir=tmp_path)
    with pytest.raises(WeightsError, match="num_layers is 3 instead of 28"):
        convert_file(FILES["A"], tmp_path / "x", entry=find_entry("inf-dit", settings), check=accept)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"surprise.weight": torch.ones(2)}, "surprise.weight"),
        ({"mixins.final_layer.linear.bias": None}, "final.linear.bias (missing)"),
        ({"mixins.final_layer.linear.bias": torch.ones(7)}, "final.linear.bias (wrong shape)"),
        ({"mixins.adaln_layer.re_pos_embed": torch.ones(2)}, "shapes that no Inf-DiT has"),
        ({"mixins.adaln_layer.re_pos_embed": None}, "not a checkpoint of Inf-DiT"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_and_nothing_is_written(tmp_path, capsys, change, told):
    tensors = {name: each for name, each in (original_tensors("A") | change).items() if each is not None}
    source, target = tmp_path / "x.pt", tmp_path / "x.safetensors"
    torch.save({"module": tensors}, source)
    assert face.run("weights", "convert", source, target, "--json") == UnknownKeys.exit_code
    assert told in json.loads(capsys.readouterr().out)["error"]["message"]
    assert list(tmp_path.iterdir()) == [source]


def test_an_existing_file_is_not_replaced_unasked(tmp_path):
    target = tmp_path / "x.safetensors"
    target.write_bytes(b"mine")
    assert face.run("weights", "convert", FILES["A"], target) == 4
    assert target.read_bytes() == b"mine"
    assert face.run("weights", "convert", FILES["A"], target, "--overwrite") == 0
    assert load_checkpoint(target).config.num_layers == 3


def test_a_missing_folder_is_an_output_error(tmp_path):
    assert face.run("weights", "convert", FILES["A"], tmp_path / "no" / "x.safetensors") == 4
    # As a pickle it would not be run.
    assert face.run("weights", "convert", FILES["A"], tmp_path / "x.pt") == 2
