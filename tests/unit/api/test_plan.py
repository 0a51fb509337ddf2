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
