"""``infdit eval``: what it asks for, and its table."""

import json
from pathlib import Path

import pytest

from infdit_cli.errors import OptionError
from support.face import EVALUATED, FakeApi, run, use_api


@pytest.fixture
def api(monkeypatch):
    return use_api(monkeypatch, FakeApi(EVALUATED))


def test_every_option_reaches_the_api(api):
    argv = "--data d --weights w --steps 0,8 --against lanczos --limit 3 --device cpu"
    assert run("eval", *argv.split()) == 0
    [(job, args, options)] = api.calls
    assert job == "evaluate"
    assert args == (Path("d"),)
    assert options == {"weights": "w", "steps": (0, 8), "against": ("lanczos",), "device": "cpu", "limit": 3}


@pytest.mark.parametrize("wrong", [["--steps", "few"], ["--against", "magic"], ["--limit", "0"]], ids=str)
def test_a_wrong_list_is_an_option_error(api, capsys, wrong):
    assert run("eval", "--data", "d", *wrong) == OptionError.exit_code
    assert wrong[0] in capsys.readouterr().err
    assert api.calls == []


def test_the_table_in_a_pipe_is_plain_columns(api, capsys):
    assert run("eval", "--data", "d") == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert [line.split() for line in out.splitlines()] == [
        ["PSNR", "in", "dB", "lanczos", "steps", "0"],
        ["a.png", "30.00", "31.50", "(+1.50)"],
        ["b.png", "32.00", "31.75", "(-0.25)"],
        ["mean", "31.00", "31.62", "(+0.62)"],
        ["mean", "SSIM", "0.8000", "0.9000"],
        ["seconds", "per", "MP", "0.01", "0.60"],
    ]


def test_json_holds_every_score(api, capsys):
    run("eval", "--data", "d", "--json")
    assert len(json.loads(capsys.readouterr().out)["result"]["scores"]) == 4
