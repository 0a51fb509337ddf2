"""Settings of a run say at once what is wrong with them, as options of the command line do."""

from pathlib import Path

import numpy as np
import pytest

from infdit_cli.config import UpscaleOptions
from infdit_cli.errors import OptionError, UnknownWeights
from infdit_cli.weights import has_restorer, open_weights


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ({"sampler": "foo"}, "sampler is 'foo'; it must be one of heun, dpmpp-2m"),
        ({"dtype": "float8"}, "dtype is 'float8'; it must be one of auto, float32"),
        ({"order": "x"}, "order is 'x'; it must be one of step, block"),
        ({"steps": 1.5}, "steps is 1.5; it must be a whole number"),
        ({"steps": "1"}, "steps is '1'; it must be a whole number"),
        ({"seed": 0.5}, "seed is 0.5; it must be a whole number"),
    ],
)
def test_what_makes_no_sense_is_an_option_error(setting, says):
    with pytest.raises(OptionError, match=says):
        UpscaleOptions(**setting)


def test_whole_numbers_may_be_those_of_numpy():
    assert UpscaleOptions(steps=np.int64(1)).steps == 1


def test_weights_may_be_a_path():
    assert open_weights(Path("compact")).name == "compact"
    assert has_restorer(Path("compact"))
    with pytest.raises(UnknownWeights, match="no weights called 'nobody'"):
        open_weights(Path("nobody"))
