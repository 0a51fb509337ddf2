"""Whole jobs at the level of the api, on a tiny model, that can be broken off at a visit."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np
from PIL import Image

from infdit_cli.api.upscale import upscale
from infdit_cli.config import ModelConfig, UpscaleOptions
from infdit_cli.events import Event, Noted, Started, Visited
from infdit_cli.results import UpscaleResult
from infdit_cli.target import Target
from infdit_cli.weights import Checkpoint, save_checkpoint
from support.pipelines import RESIDUAL, random_network, sampler_config


class BrokenOff(BaseException):
    """Stands for a signal: only ``finally`` meets it on its way."""


class Log:
    """Collects a job's events, and breaks it off when it has done so many visits in this run.

    Attributes:
        num_visits: Visits that this run has computed.
        is_finishing: Whether it is at its last step, whose pieces are no visits.
        result: What came of the job; ``None`` until it is done.
    """

    def __init__(self, stop_after: int | None = None, *, error: type[BaseException] = BrokenOff) -> None:
        self.events: list[Event] = []
        self.num_visits = 0
        self.is_finishing = False
        self.result: UpscaleResult | None = None
        self._left = stop_after
        self._error = error

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, Started):
            self.is_finishing = event.detail == "finishing"
        if isinstance(event, Visited) and not self.is_finishing:
            self.num_visits += 1
        if isinstance(event, Visited) and self._left is not None:
            self._left -= 1
            if self._left <= 0:
                raise self._error

    @property
    def notes(self) -> list[str]:
        return [event.text for event in self.events if isinstance(event, Noted)]

    @property
    def started(self) -> list[Started]:
        """What each pass began with."""
        started = (event for event in self.events if isinstance(event, Started))
        return [event for event in started if event.detail != "finishing"]


def tiny_weights(path: Path, config: ModelConfig = RESIDUAL, *, seed: int = 0) -> Path:
    """Write a checkpoint of random weights that all matter."""
    network = random_network(config, seed=seed)
    checkpoint = Checkpoint(
        name="tiny", config=config, sampler=sampler_config(config, 2), tensors=network.state_dict()
    )
    save_checkpoint(checkpoint, path)
    return path


def picture(path: Path, height: int, width: int, *, seed: int = 0, channels: int = 3) -> Path:
    """Write a picture of noise."""
    levels = np.random.default_rng(seed).integers(0, 256, (height, width, channels), dtype=np.uint8)
    Image.fromarray(levels).save(path)
    return path


class Job:
    """One command: the same each time it is run.

    Args:
        folder: For input, weights and output.
    """

    def __init__(self, folder: Path, *, height: int = 14, width: int = 10, **options) -> None:
        self.folder = folder
        self.source = picture(folder / "in.png", height, width)
        self.weights = tiny_weights(folder / "tiny.safetensors")
        # At full fidelity a last step is taken, which is to survive as the passes are.
        # Not the number format of the machine that the tests run on.
        self.options = {"block_batch": (1, 1), "fidelity": 1.0, "dtype": "float32", **options}

    def run(
        self, name: str = "out.png", *, stop_after: int | None = None, log: Log | None = None, **changed
    ) -> Log:
        """Run the command and return what it told; a run that is broken off returns, too."""
        log = log or Log(stop_after)
        wanted = {"weights": str(self.weights), **self.options, **changed}
        if "scale" in wanted:
            wanted["target"] = Target(scale=wanted.pop("scale"))
        options = UpscaleOptions(**wanted)
        with suppress(BrokenOff):
            log.result = upscale(self.source, self.folder / name, options, on_event=log)
        return log

    def result(self, name: str = "out.png") -> bytes:
        return (self.folder / name).read_bytes()

    @property
    def hidden(self) -> list[str]:
        """Names of what lies in the folder beside input, weights and pictures."""
        return sorted(each.name for each in self.folder.iterdir() if each.name.startswith("."))
