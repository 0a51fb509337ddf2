"""Results in words: the line or table for stdout, and the summary for stderr."""

from collections.abc import Callable, Iterator, Sequence

from rich import box
from rich.table import Table
from rich.text import Text

from infdit_cli import amounts
from infdit_cli.console import wording
from infdit_cli.results import (
    BenchResult,
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
            name = wording.model(result.weights, result.restore)
            run = f"{name}, {wording.steps(result.steps)}, {result.device} {result.dtype}"
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
            name = wording.model(result.weights, result.restore)
            return f"{wording.pictures(result.num_pictures)}{left_out}, weights {name}"
        case ConvertedWeights():
            tower = "with" if result.image_tower else "without"
            size = amounts.size(result.size_bytes)
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


def weights_tables(result: WeightsList) -> Iterator[Table]:
    """Yield tables with rules and a row for each entry, each narrower than the one before."""
    headings = list(_MODEL)
    yield _weights_table(result, headings, box.SIMPLE_HEAD)
    for heading in _GIVEN_UP:
        headings.remove(heading)
        yield _weights_table(result, headings, box.SIMPLE_HEAD)


def plain_weights_table(result: WeightsList) -> Table:
    """Return plain columns for a pipe, with a row for each entry."""
    return _weights_table(result, list(_MODEL), None)


def _weights_table(result: WeightsList, headings: Sequence[str], rules: box.Box | None) -> Table:
    table = Table(box=rules)
    for heading in headings:
        least = _GIVEN_UP.get(heading)
        table.add_column(heading, no_wrap=rules is None or least is None, min_width=least, overflow="fold")
    for each in result.weights:
        table.add_row(*(Text(wording.printable(_MODEL[heading](each))) for heading in headings))
    return table


# How an entry is worded; what is not known is a dash.
_MODEL: dict[str, Callable[[ListedWeights], str]] = {
    "name": lambda each: each.name,
    "here": lambda each: "yes" if each.path else "no",
    "size": lambda each: "-" if each.size_bytes is None else amounts.size(each.size_bytes),
    "parameters": lambda each: "-" if each.parameters is None else wording.millions(each.parameters),
    "memory": lambda each: "-" if each.memory_bytes is None else amounts.memory(each.memory_bytes),
    "licence": lambda each: each.licence,
    "description": lambda each: each.description,
}
# What a narrow terminal does without, in this order, once it lacks so many characters for it. Rich shares
# what there is evenly among those that wrap, so the widest of them are given the same.
_GIVEN_UP = {"parameters": 10, "licence": 14, "description": 14}
