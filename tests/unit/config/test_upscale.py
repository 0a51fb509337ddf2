"""Settings of a run say at once what is wrong with them, as options of the command line do."""

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest

from infdit_cli.config import MemoryLimit, OutputOptions, TextControl, UpscaleOptions
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


def test_numbers_may_be_those_of_numpy_and_become_pythons():
    options = UpscaleOptions(
        steps=np.int64(1),
        seed=np.uint8(3),
        restore=np.float32(0.5),
        fidelity=np.float64(0.25),
        block_batch=(np.int64(2), np.int32(4)),
        text=TextControl(toward="sharp", guidance=np.float32(1.5)),
        memory=MemoryLimit(num_bytes=np.int64(5)),
        output=OutputOptions(quality=np.int16(80)),
    )
    told = json.loads(json.dumps(asdict(options)))
    numbers = [told[name] for name in ("steps", "seed", "restore", "fidelity", "block_batch")]
    assert numbers == [1, 3, 0.5, 0.25, [2, 4]]
    assert [told["text"]["guidance"], told["memory"]["num_bytes"], told["output"]["quality"]] == [1.5, 5, 80]


def test_weights_may_be_a_path():
    assert open_weights(Path("compact")).name == "compact"
    assert has_restorer(Path("compact"))
    with pytest.raises(UnknownWeights, match="no weights called 'nobody'"):
        open_weights(Path("nobody"))
