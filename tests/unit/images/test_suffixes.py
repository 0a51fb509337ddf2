"""What is taken from a folder."""

from infdit_cli.images import PICTURE_SUFFIXES
from infdit_cli.tiles import FORMATS


def test_folders_of_results_can_be_inputs_again():
    written = {suffix for container in FORMATS if not container.is_folder for suffix in container.suffixes}
    assert written <= PICTURE_SUFFIXES
