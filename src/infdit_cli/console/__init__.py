"""What a person sees: progress, results and failures, as text or JSON. The only room with rich."""

from infdit_cli.console.batch_report import BatchReport
from infdit_cli.console.console import Console
from infdit_cli.console.failure import Failure
from infdit_cli.console.judgement import BUG, Stopped, judged
from infdit_cli.console.progress import ProgressDisplay

__all__ = ["BUG", "BatchReport", "Console", "Failure", "ProgressDisplay", "Stopped", "judged"]
