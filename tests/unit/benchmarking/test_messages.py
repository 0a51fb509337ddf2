"""What makes no sense is refused before anything is measured."""

import pytest

from infdit_cli.benchmarking.messages import BenchRequest
from infdit_cli.errors import OptionError


def test_the_defaults_make_sense():
    assert BenchRequest().sizes_px == (1024, 2048, 4096)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"sizes_px": ()}, "res names no resolution"),
        ({"sizes_px": (512, 15)}, "res has 15"),
        ({"sizes_px": (65_537,)}, "res has 65537"),
        ({"repeats": 0}, "repeats is 0"),
    ],
    ids=str,
)
def test_nonsense_is_refused(wrong, says):
    with pytest.raises(OptionError, match=says):
        BenchRequest(**wrong)
