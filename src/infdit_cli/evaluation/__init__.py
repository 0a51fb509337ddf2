"""How close upscaled pictures are to the originals they were shrunk from."""

from infdit_cli.degradation import Pixels
from infdit_cli.evaluation.choice import choose
from infdit_cli.evaluation.methods import model_method
from infdit_cli.evaluation.resamplers import RESAMPLERS, Method
from infdit_cli.evaluation.runner import Setting, evaluate_folder
from infdit_cli.evaluation.sheet import Sheet

__all__ = [
    "RESAMPLERS",
    "Method",
    "Pixels",
    "Setting",
    "Sheet",
    "choose",
    "evaluate_folder",
    "model_method",
]
