"""Many pictures in one run: which there are, what results are called, which share is ours; no pixels."""

from infdit_cli.batch.listing import FoundPicture, Listing, list_pictures
from infdit_cli.batch.names import read_names
from infdit_cli.batch.outputs import BatchItem, check_no_clashes, check_outside_inputs
from infdit_cli.batch.request import DEFAULT_SUFFIX, Request
from infdit_cli.batch.shard import Shard
from infdit_cli.batch.template import DEFAULT, NameTemplate
from infdit_cli.batch.torn import quotes_hint, torn_names

__all__ = [
    "DEFAULT",
    "DEFAULT_SUFFIX",
    "BatchItem",
    "FoundPicture",
    "Listing",
    "NameTemplate",
    "Request",
    "Shard",
    "check_no_clashes",
    "check_outside_inputs",
    "list_pictures",
    "quotes_hint",
    "read_names",
    "torn_names",
]
