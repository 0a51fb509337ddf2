"""Run the command line inside the test's process, over an api that only records or fails."""

import io
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import infdit_cli
from infdit_cli import app
from infdit_cli.geometry import Size
from infdit_cli.results import EvaluationResult, Score, TrainResult, UpscaleResult

UPSCALED = UpscaleResult(
    source=Path("photo.jpg"),
    destination=Path("photo_x4.png"),
    source_size=Size(128, 192),
    size=Size(512, 768),
    weights="compact",
    steps=0,
    evaluations=0,
    seed=0,
    fidelity=1.0,
    device="cpu",
    dtype="float32",
    planned_bytes=500 << 20,
    peak_bytes=450 << 20,
    seconds=8.34,
)
TRAINED = TrainResult(
    checkpoint=Path("run/checkpoint.safetensors"),
    base_steps=1300,
    joint_steps=1,
    lanczos_db=30.81,
    model_db=((0, 31.97), (1, 29.2)),
)
EVALUATED = EvaluationResult(
    weights="compact",
    scores=(
        Score(picture="a.png", method="lanczos", psnr_db=30.0, ssim=0.8, seconds_per_mp=0.01),
        Score(picture="a.png", method="steps 0", psnr_db=31.5, ssim=0.9, seconds_per_mp=0.5),
        Score(picture="b.png", method="lanczos", psnr_db=32.0, ssim=0.8, seconds_per_mp=0.01),
        Score(picture="b.png", method="steps 0", psnr_db=31.75, ssim=0.9, seconds_per_mp=0.7),
    ),
)


class FakeApi(ModuleType):
    """Stands in for ``infdit_cli.api``: keeps what it was called with, then returns or raises."""

    def __init__(self, outcome=None, *, events=()):
        super().__init__("infdit_cli.api")
        self.calls = []
        self._outcome = outcome
        self._events = events

    def __getattr__(self, job):
        if job not in {"upscale", "train", "evaluate", "bench"}:
            raise AttributeError(job)

        # Each job is asked for as a module, which has a function of the same name.
        def call(*args, on_event, **options):
            self.calls.append((job, args, options))
            for event in self._events:
                on_event(event)
            return self._act()

        return SimpleNamespace(**{job: call})

    def _act(self):
        if callable(self._outcome):
            return self._outcome()
        if isinstance(self._outcome, BaseException):
            raise self._outcome
        return self._outcome


def use_api(monkeypatch, fake):
    """Put ``fake`` in the place of the api and return it."""
    monkeypatch.setitem(sys.modules, "infdit_cli.api", fake)
    monkeypatch.setattr(infdit_cli, "api", fake, raising=False)
    monkeypatch.delenv("INFDIT_DEBUG", raising=False)
    return fake


def run(*argv):
    """Run one command line and return its exit code."""
    return app.run([str(arg) for arg in argv])


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self):
        return True


def watch_stderr(monkeypatch, **environment):
    """Make stderr a terminal and return what it shows."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"TERM": "xterm", "COLUMNS": "200"} | environment).items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    return terminal
