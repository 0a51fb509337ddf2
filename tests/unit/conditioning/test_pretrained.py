"""open_clip's own weights: found, or missing with a word on how to get them."""

import json

import pytest
import torch
from huggingface_hub import constants
from huggingface_hub.errors import EntryNotFoundError
from safetensors.torch import save_file

from infdit_cli.conditioning import pretrained
from infdit_cli.conditioning.pretrained import OpenClip, load_open_clip
from infdit_cli.errors import WeightsError
from support.clip import EMBED_DIM, TEXT, VISION, require_open_clip, tiny_clip


def test_offline_and_missing_is_an_error_that_names_the_command(monkeypatch, tmp_path):
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(WeightsError, match="ViT-L-14") as caught:
        load_open_clip()
    assert caught.value.exit_code == 5
    command = "hf download laion/CLIP-ViT-L-14-DataComp.XL-s13B-b90K open_clip_model.safetensors"
    assert caught.value.hint == f"with a network, run: {command}"


@pytest.mark.parametrize("present", ["open_clip_model.safetensors", "open_clip_pytorch_model.bin"])
def test_either_file_of_the_repository_is_read(monkeypatch, tmp_path, present):
    open_clip, clip = require_open_clip(), tiny_clip()
    config = {"embed_dim": EMBED_DIM, "vision_cfg": VISION, "text_cfg": TEXT}
    (tmp_path / "tiny-test.json").write_text(json.dumps(config))
    open_clip.add_model_config(tmp_path / "tiny-test.json")
    path = tmp_path / present
    save = save_file if path.suffix == ".safetensors" else torch.save
    save(clip.state_dict(), path)

    def download(repo, name):
        assert repo == "somebody/tiny"
        if name != present:
            raise EntryNotFoundError(name)
        return str(path)

    monkeypatch.setattr(pretrained, "hf_hub_download", download)
    loaded = load_open_clip(OpenClip("tiny-test", "somebody/tiny"))
    for name, tensor in clip.state_dict().items():
        torch.testing.assert_close(loaded.state_dict()[name], tensor)
