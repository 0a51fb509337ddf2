"""What methods are called."""

from infdit_cli.evaluation.methods import Method


def test_the_model_is_called_by_its_steps():
    methods = [Method.of_model(steps, lambda lr, _: lr) for steps in (0, 16)]
    assert [(method.name, method.steps) for method in methods] == [("steps 0", 0), ("steps 16", 16)]
