"""Names of methods, and what they tell."""

from infdit_cli.evaluation.methods import model_method, steps_of
from infdit_cli.evaluation.resamplers import RESAMPLERS


def test_a_name_tells_its_steps():
    assert [model_method(count) for count in (0, 16)] == ["steps 0", "steps 16"]
    assert [steps_of(model_method(count)) for count in (0, 16)] == [0, 16]


def test_a_resampler_has_no_steps():
    assert {steps_of(name) for name in RESAMPLERS} == {None}
