"""What a person sees: progress, results and failures, as text or JSON. The only room with rich."""

from infdit_cli.console.console import Console
from infdit_cli.console.failure import Failure
from infdit_cli.console.progress import ProgressDisplay

__all__ = ["Console", "Failure", "ProgressDisplay"]
