"""What is written does not lie among the photos."""

from pathlib import Path

import pytest

from infdit_cli.api.apart import check_outside_data
from infdit_cli.errors import OptionError, OutputError


@pytest.fixture
def photos(tmp_path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    return folder


@pytest.mark.parametrize("place", ["photos", "photos/run", "photos/new/run", "link/run"])
def test_a_place_among_the_photos_is_refused(photos, place):
    (photos.parent / "link").symlink_to(photos)
    with pytest.raises(OptionError, match=r"out is .*, in the folder of the photos: the next run would"):
        check_outside_data("--out", photos.parent / place, photos)


@pytest.mark.parametrize("place", ["run", "photos2", "photos/../run"])
def test_a_place_beside_them_is_none(photos, place):
    check_outside_data("--out", photos.parent / place, photos)


def test_links_in_a_circle_are_an_error_of_the_output(photos):
    loop = photos.parent / "loop"
    loop.symlink_to(loop)
    with pytest.raises(OutputError, match="loop: "):
        check_outside_data("--out", loop, photos)
