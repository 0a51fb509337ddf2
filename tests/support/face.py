"""Run the command line inside the test's process, over an api that only records or fails."""

import io
import math
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace

import infdit_cli
import infdit_cli.api.find  # results are named in earnest, whatever stands in for the api
from infdit_cli import app
from infdit_cli.evaluation.summary import track_scores
from infdit_cli.geometry import Size
from infdit_cli.results import EvaluationResult, Metric, Score, TrainResult, UpscaleResult

UPSCALED = UpscaleResult(
    source=Path("photo.jpg"),
    destination=Path("photo_x4.png"),
    source_size=Size(128, 192),
    size=Size(512, 768),
    weights="compact",
    restore=0.0,
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
    perceptual_steps=0,
    lanczos_db=30.81,
    model_db=((0, 31.97), (1, 29.2)),
    model_lpips=(),
)
PSNR = Metric(name="psnr", title="PSNR in dB")
SSIM = Metric(name="ssim", title="SSIM")
SEAMS = Metric(name="seams", title="seams (1 is best)", lower_is_better=None)


def score(picture, method, psnr, ssim, seams, seconds, *, steps=None):  # noqa: PLR0917 - a row of a table
    """Return a score as the evaluation gives it."""
    values = {"psnr": psnr, "ssim": ssim, "seams": seams}
    return Score(picture=picture, method=method, steps=steps, values=values, seconds_per_mp=seconds)


def evaluated(*tracks, metrics=(PSNR, SSIM, SEAMS), **fields):
    """Return the result of an evaluation of two pictures on the clean track, unless told otherwise."""
    return EvaluationResult(
        weights="compact",
        restore=0.0,
        scale=4,
        seed=0,
        num_pictures=2,
        metrics=metrics,
        tracks=tracks or (CLEAN,),
        **fields,
    )


CLEAN = track_scores(
    "clean",
    [
        score("a.png", "lanczos", 30.0, 0.8, 1.0, 0.01),
        score("a.png", "steps 0", 31.5, 0.9, 1.1, 0.5, steps=0),
        score("b.png", "lanczos", 32.0, 0.8, math.nan, 0.01),
        score("b.png", "steps 0", 31.75, 0.9, math.nan, 0.7, steps=0),
    ],
)
EVALUATED = evaluated()


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
    """Put ``fake`` in the place of the api and return it; the files it is asked about need not exist."""
    monkeypatch.setitem(sys.modules, "infdit_cli.api", fake)
    monkeypatch.setattr(infdit_cli, "api", fake, raising=False)
    monkeypatch.setattr("infdit_cli.images.check_file", lambda _: None)
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
    return _watch(monkeypatch, "stderr", environment)


def watch_stdout(monkeypatch, **environment):
    """Make stdout a terminal and return what it shows."""
    return _watch(monkeypatch, "stdout", environment)


def _watch(monkeypatch, stream, environment):
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "TTY_INTERACTIVE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in ({"TERM": "xterm", "COLUMNS": "200"} | environment).items():
        monkeypatch.setenv(name, value)
    terminal = Terminal()
    monkeypatch.setattr(sys, stream, terminal)
    return terminal
