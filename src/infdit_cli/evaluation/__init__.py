"""How close upscaled pictures are to the originals they were shrunk from."""

from infdit_cli.evaluation.runner import RESAMPLERS, Method, evaluate_folder

__all__ = ["RESAMPLERS", "Method", "evaluate_folder"]
