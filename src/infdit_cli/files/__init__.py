"""Files of any room: whole or absent, refused before the work, and failures in words."""

from infdit_cli.files.atomic import replacing_output
from infdit_cli.files.destination import check_destination
from infdit_cli.files.disk import free_bytes
from infdit_cli.files.durable import (
    give_name,
    half_of,
    halves_of,
    hidden_name,
    is_disk_full,
    mark,
    publish,
    replacing,
    resolved,
    sync,
    sync_folder,
)
from infdit_cli.files.failures import already_exists, disk_full, output_errors
from infdit_cli.files.folders import (
    check_can_be_made,
    check_folder,
    make_folder,
    standing,
    temporary_folder,
)
from infdit_cli.files.locks import held, take, take_once, unlock
from infdit_cli.files.presence import is_there, is_there_a_file, is_there_a_folder
from infdit_cli.files.raw_file import read_all, reserve, write_all
from infdit_cli.files.scratch_folder import scratch_folder
from infdit_cli.files.sole_maker import remove_halves, sole_maker
from infdit_cli.files.walk import WalkedFolder, walk

__all__ = [
    "WalkedFolder",
    "already_exists",
    "check_can_be_made",
    "check_destination",
    "check_folder",
    "disk_full",
    "free_bytes",
    "give_name",
    "half_of",
    "halves_of",
    "held",
    "hidden_name",
    "is_disk_full",
    "is_there",
    "is_there_a_file",
    "is_there_a_folder",
    "make_folder",
    "mark",
    "output_errors",
    "publish",
    "read_all",
    "remove_halves",
    "replacing",
    "replacing_output",
    "reserve",
    "resolved",
    "scratch_folder",
    "sole_maker",
    "standing",
    "sync",
    "sync_folder",
    "take",
    "take_once",
    "temporary_folder",
    "unlock",
    "walk",
    "write_all",
]
