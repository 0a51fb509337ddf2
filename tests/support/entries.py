"""A registry of one's own, and tiny checkpoints to put behind its entries."""

import json

from infdit_cli.config import ModelConfig, SamplerConfig
from infdit_cli.settings import Settings
from infdit_cli.weights import Checkpoint, save_checkpoint
from support.golden import PARITY
from support.pipelines import IMAGE, random_network

ORIGINAL = PARITY / "A" / "mp_rank_00_model_states.pt"


def tiny_file(path, config: ModelConfig = IMAGE):
    """Write a tiny checkpoint of ours and return its bytes."""
    tensors = random_network(config).state_dict()
    save_checkpoint(Checkpoint(name="tiny", config=config, sampler=SamplerConfig(), tensors=tensors), path)
    return path.read_bytes()


def make_settings(folder) -> Settings:
    """Return settings whose folders lie in ``folder``."""
    return Settings(config_dir=folder / "config", cache_dir=folder / "cache")


def write_entry(settings: Settings, name="tiny", *, source, **fields):
    """Write the user's ``weights.toml`` with one entry; JSON's values are TOML's, too."""
    table = {"description": "for tests", "licence": "none", **fields}
    lines = [f"[weights.{name}]", *(f"{key} = {json.dumps(value)}" for key, value in table.items())]
    lines += [f"[weights.{name}.source]", *(f"{key} = {json.dumps(value)}" for key, value in source.items())]
    settings.config_dir.mkdir(parents=True, exist_ok=True)
    (settings.config_dir / "weights.toml").write_text("\n".join(lines), encoding="utf-8")


def use_settings(monkeypatch, settings: Settings):
    """Make this process and its children use ``settings``."""
    monkeypatch.setenv("INFDIT_CONFIG_DIR", str(settings.config_dir))
    monkeypatch.setenv("INFDIT_CACHE_DIR", str(settings.cache_dir))
