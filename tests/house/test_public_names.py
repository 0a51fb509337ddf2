"""What other programs import is there, and costs nothing until it is used."""

import subprocess
import sys

import pytest

import infdit_cli
from infdit_cli import errors
from infdit_cli.machine import start

HEAVY = ("torch", "numpy", "PIL", "pyvips", "rich", "typer")


def test_every_public_name_is_there_and_has_a_docstring():
    for name in infdit_cli.__all__:
        assert getattr(infdit_cli, name).__doc__
    assert set(infdit_cli.__all__) <= set(dir(infdit_cli))


def test_every_branch_of_the_errors_is_public_but_that_of_training():
    branches = {each.__name__ for each in errors.InfditError.__subclasses__() if "exit_code" in vars(each)}
    assert branches - set(infdit_cli.__all__) == {"TrainingError"}


def test_other_names_are_not_there():
    with pytest.raises(AttributeError, match="has no attribute 'nope'"):
        infdit_cli.nope  # noqa: B018
    assert not hasattr(infdit_cli, "resolve_name")


def test_a_name_is_imported_when_it_is_asked_for():
    probe = (
        "import sys, infdit_cli; dir(infdit_cli); infdit_cli.UpscaleOptions(); infdit_cli.OptionError; "
        f"sys.exit(' '.join(sys.modules.keys() & set({HEAVY!r})))"
    )
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (1, "\n")


def test_the_machine_is_prepared_before_torch_is_loaded(monkeypatch):
    prepared = []
    monkeypatch.setattr(start, "ensure_room_to_start", lambda: prepared.append("torch"))
    assert infdit_cli.Target
    assert prepared == []
    assert infdit_cli.upscale
    assert prepared == ["torch"]
