"""What each job gives back, frozen; the console renders it as text or JSON."""

from infdit_cli.results.doctor import (
    Device,
    DigestState,
    DoctorResult,
    FailedProbe,
    Folder,
    NumberFormat,
    Package,
    TorchBuild,
    Variable,
    WeightsState,
)
from infdit_cli.results.evaluation import EvaluationResult, LeftOut, MethodMean, Metric, Score, TrackScores
from infdit_cli.results.plan import PlannedItem, PlannedPass, PlanResult
from infdit_cli.results.train import TrainResult
from infdit_cli.results.upscale import (
    BatchTally,
    FailedPicture,
    OnOutcome,
    Outcome,
    SkippedPicture,
    UpscaleResult,
)
from infdit_cli.results.weights import (
    ConvertedWeights,
    ListedWeights,
    RemovedWeights,
    VerifiedWeights,
    WeightsFile,
    WeightsFiles,
    WeightsList,
)

__all__ = [
    "BatchTally",
    "ConvertedWeights",
    "Device",
    "DigestState",
    "DoctorResult",
    "EvaluationResult",
    "FailedPicture",
    "FailedProbe",
    "Folder",
    "LeftOut",
    "ListedWeights",
    "MethodMean",
    "Metric",
    "NumberFormat",
    "OnOutcome",
    "Outcome",
    "Package",
    "PlanResult",
    "PlannedItem",
    "PlannedPass",
    "RemovedWeights",
    "Score",
    "SkippedPicture",
    "TorchBuild",
    "TrackScores",
    "TrainResult",
    "UpscaleResult",
    "Variable",
    "VerifiedWeights",
    "WeightsFile",
    "WeightsFiles",
    "WeightsList",
    "WeightsState",
]
