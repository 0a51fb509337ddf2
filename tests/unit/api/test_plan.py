"""A plan refuses what an upscale would refuse, and nothing else; it makes nothing."""

import json

import pytest
from PIL import Image

from infdit_cli import app
from infdit_cli.errors import OutputNotWritable


@pytest.fixture
def photo(tmp_path, monkeypatch):
    """A picture in the current folder."""
    monkeypatch.chdir(tmp_path)
    Image.new("RGB", (6, 5), (200, 100, 50)).save("a.png")


@pytest.mark.parametrize("command", [["plan"], ["upscale", "--dry-run"]], ids=" ".join)
def test_a_folder_that_an_upscale_would_make_is_planned_with_and_not_made(photo, tmp_path, capsys, command):
    wanted = ["a.png", "--steps", "0", "--device", "cpu", "--json", "-o"]
    assert app.run([*command, *wanted, "new/"]) == 0
    assert json.loads(capsys.readouterr().out)["result"]["destination"] == "new/a_x4.png"
    assert app.run([*command, *wanted, "new/a.png"]) == OutputNotWritable.exit_code
    assert app.run([*command, *wanted, "new/er/"]) == OutputNotWritable.exit_code
    assert [path.name for path in tmp_path.iterdir()] == ["a.png"]


@pytest.mark.parametrize("command", [["plan"], ["upscale", "--dry-run"]], ids=" ".join)
def test_an_output_that_is_there_is_told_and_planned_all_the_same(photo, tmp_path, capsys, command):
    wanted = ["a.png", "--steps", "0", "--device", "cpu", "-o", "b.png", "--json"]
    Image.new("RGB", (6, 5)).save("b.png")
    assert app.run([*command, *wanted]) == 0
    out, err = capsys.readouterr()
    note = "b.png is there already; only --overwrite replaces it"
    assert json.loads(out)["result"]["notes"] == [note]
    assert note in err
    assert app.run([*command, *wanted, "--overwrite"]) == 0
    assert json.loads(capsys.readouterr().out)["result"]["notes"] == []


def test_a_plan_and_a_dry_run_say_the_same_numbers(photo, capsys):
    wanted = ["a.png", "--device", "cpu", "--format", "tif", "--pyramid", "--json"]
    plan, dry_run = (_result(capsys, *command, *wanted) for command in (["plan"], ["upscale", "--dry-run"]))
    measured = {
        "passes",
        "device_bytes",
        "budget_bytes",
        "seconds",
    }  # what the process holds, and what is free
    assert {name: plan[name] for name in plan.keys() - measured} == {
        name: dry_run[name] for name in dry_run.keys() - measured
    }
    assert plan["output_bytes"] > _result(capsys, "plan", *wanted[:-2], "--json")["output_bytes"]


def _result(capsys, *argv):
    assert app.run([*argv]) == 0
    return json.loads(capsys.readouterr().out)["result"]
