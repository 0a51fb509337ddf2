"""How close upscaled pictures are to the originals they were shrunk from."""

from infdit_cli.degradation import Pixels
from infdit_cli.evaluation.choice import choose
from infdit_cli.evaluation.gauges import Gauge
from infdit_cli.evaluation.methods import Enlarge, Method
from infdit_cli.evaluation.resamplers import RESAMPLERS
from infdit_cli.evaluation.runner import Setting, evaluate_folder
from infdit_cli.evaluation.sheet import Sheet

__all__ = [
    "RESAMPLERS",
    "Enlarge",
    "Gauge",
    "Method",
    "Pixels",
    "Setting",
    "Sheet",
    "choose",
    "evaluate_folder",
]
