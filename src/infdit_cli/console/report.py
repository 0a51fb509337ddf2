"""Results in words: the line or table for stdout, and the summary for stderr."""

from rich import box
from rich.table import Table
from rich.text import Text

from infdit_cli.bench_results import BenchResult
from infdit_cli.console import wording
from infdit_cli.results import (
    ConvertedWeights,
    DoctorResult,
    EvaluationResult,
    ListedWeights,
    PlanResult,
    RemovedWeights,
    TrainResult,
    UpscaleResult,
    VerifiedWeights,
    WeightsFile,
    WeightsFiles,
    WeightsList,
)

Listing = EvaluationResult | WeightsList
Paths = UpscaleResult | TrainResult | WeightsFile | WeightsFiles | RemovedWeights | ConvertedWeights
Result = Listing | Paths | VerifiedWeights | DoctorResult | PlanResult | BenchResult


def summary(result: Result) -> str:
    """Return one line on how the job went; it is for people, and goes to stderr. Empty: all is said."""
    match result:
        case UpscaleResult():
            run = f"{result.weights}, {wording.steps(result.steps)}, {result.device} {result.dtype}"
            return f"{wording.pixels(result.size)}, {run}, {wording.duration(result.seconds)}"
        case TrainResult():
            stages = {
                "base": result.base_steps,
                "joint": result.joint_steps,
                "perceptual": result.perceptual_steps,
            }
            done = ", ".join(f"{name} {wording.steps(count)}" for name, count in stages.items() if count)
            scores = wording.validation(result.lanczos_db, result.model_db, result.model_lpips)
            return f"{done}: {scores}"
        case EvaluationResult():
            left_out = f", {len(result.left_out)} left out" if result.left_out else ""
            return f"{wording.pictures(result.num_pictures)}{left_out}, weights {result.weights}"
        case ConvertedWeights():
            tower = "with" if result.image_tower else "without"
            size = wording.size(result.size_bytes)
            return f"{wording.millions(result.parameters)} parameters, {tower} the image tower, {size}"
        case VerifiedWeights():
            return f"{len(result.files)} checked, all as they should be"
    return ""


def lines(result: Paths | VerifiedWeights) -> list[str]:
    """Return what goes to stdout: paths, and after a check the digests, as ``sha256sum`` writes them."""
    match result:
        case UpscaleResult() | ConvertedWeights():
            return [str(result.destination)]
        case TrainResult():
            return [str(result.checkpoint)]
        case WeightsFile():
            return [str(result.path)]
        case WeightsFiles():
            return [str(file.path) for file in result.files]
        case VerifiedWeights():
            return [f"{file.sha256}  {file.path}" for file in result.files]
        case RemovedWeights():
            return [str(path) for path in result.paths]


def weights_table(result: WeightsList, *, boxed: bool) -> Table:
    """Return a row for each entry.

    Args:
        result: The entries.
        boxed: Draw rules; without them the table is plain columns for a pipe.
    """
    table = Table(box=box.SIMPLE_HEAD if boxed else None)
    for heading in ("name", "here", "size", "parameters", "memory", "licence", "description"):
        table.add_column(heading, no_wrap=not boxed)
    for each in result.weights:
        table.add_row(*(Text(wording.printable(cell)) for cell in _weights_cells(each)))
    return table


def _weights_cells(each: ListedWeights) -> list[str]:
    """Word one entry; what is not known is a dash."""
    return [
        each.name,
        "yes" if each.path else "no",
        "-" if each.size_bytes is None else wording.size(each.size_bytes),
        "-" if each.parameters is None else wording.millions(each.parameters),
        "-" if each.memory_bytes is None else wording.size(each.memory_bytes),
        each.licence,
        each.description,
    ]
