"""A batch is planned as it would be done: what is there is skipped, what is broken fails, nothing is made."""

import json

import pytest
from PIL import Image

from infdit_cli import app
from infdit_cli.errors import OptionError, OutputNotWritable, SomeFailed

OPTIONS = ("--steps", "0", "--device", "cpu", "--json")


@pytest.fixture
def photos(tmp_path, monkeypatch):
    """A folder with two pictures, one of them below another folder, and a file that is none."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "photos" / "more").mkdir(parents=True)
    Image.new("RGB", (6, 5), (200, 100, 50)).save("photos/a.png")
    Image.new("RGB", (60, 50), (200, 100, 50)).save("photos/more/b.png")
    (tmp_path / "photos" / "c.png").write_bytes(b"no picture")
    return tmp_path


def planned(capsys, *argv):
    code = app.run(["plan", "photos", *argv, *OPTIONS])
    return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_pictures_are_planned_and_no_folder_is_made(photos, capsys):
    code, [*told, summary] = planned(capsys, "-r", "-o", "out")
    assert code == SomeFailed.exit_code
    a, b = (each for each in told if each["ok"])
    [broken] = (each for each in told if not each["ok"])
    assert {a["result"]["destination"], b["result"]["destination"]} == {"out/a_x4.png", "out/more/b_x4.png"}
    assert broken["error"]["source"] == "photos/c.png"
    assert summary["summary"]["num_planned"] == 2
    assert summary["summary"]["seconds"] == a["result"]["seconds"] + b["result"]["seconds"]
    assert summary["summary"]["device_bytes"] == max(each["result"]["device_bytes"] for each in (a, b))
    assert sorted(path.name for path in photos.iterdir()) == ["photos"]


def test_what_is_there_is_skipped_unless_it_is_to_be_replaced(photos, capsys):
    (photos / "out").mkdir()
    Image.new("RGB", (24, 20)).save("out/a_x4.png")
    for options, done in (((), "skipped"), (("--overwrite",), "notes")):
        code, [a, summary] = planned(capsys, "--pattern", "a.png", "-o", "out", *options)
        assert code == 0
        assert done in a["result"]
    assert summary["summary"]["num_planned"] == 1


def test_what_would_fail_for_all_is_told_once(photos, capsys):
    code, told = planned(capsys, "-r", "-o", "out", "--format", "png", "--quality", "50")
    assert code == OptionError.exit_code
    assert sum("error" in each for each in told) == 1


def test_no_pictures_are_no_plan(photos, capsys):
    code, [summary] = planned(capsys, "--pattern", "*.jpg", "-o", "out")
    assert code == 0
    assert summary["summary"]["num_pictures"] == 0


def test_a_folder_that_could_not_be_made_is_told_once(photos, capsys):
    code, [told] = planned(capsys, "-o", "not/there")
    assert code == OutputNotWritable.exit_code
    assert told["error"]["message"] == "not: no such folder"
