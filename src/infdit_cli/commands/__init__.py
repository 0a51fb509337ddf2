"""One module a command: read options, call one function of the api, hand the result to the console."""

from infdit_cli.commands.bench import bench
from infdit_cli.commands.doctor import doctor
from infdit_cli.commands.evaluate import evaluate
from infdit_cli.commands.plain_help import PlainCommand, PlainGroup
from infdit_cli.commands.plan import plan
from infdit_cli.commands.train import train
from infdit_cli.commands.upscale import EXAMPLES as UPSCALE_EXAMPLES
from infdit_cli.commands.upscale import upscale
from infdit_cli.commands.weights import app as weights

__all__ = [
    "UPSCALE_EXAMPLES",
    "PlainCommand",
    "PlainGroup",
    "bench",
    "doctor",
    "evaluate",
    "plan",
    "train",
    "upscale",
    "weights",
]
