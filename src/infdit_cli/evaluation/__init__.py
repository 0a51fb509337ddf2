"""How close upscaled pictures are to the originals they were shrunk from."""

from infdit_cli.degradation import Pixels
from infdit_cli.evaluation.choice import Choice, choose
from infdit_cli.evaluation.resamplers import RESAMPLERS, Method
from infdit_cli.evaluation.runner import Evaluated, Setting, evaluate_folder
from infdit_cli.evaluation.sheet import Sheet

__all__ = [
    "RESAMPLERS",
    "Choice",
    "Evaluated",
    "Method",
    "Pixels",
    "Setting",
    "Sheet",
    "choose",
    "evaluate_folder",
]
