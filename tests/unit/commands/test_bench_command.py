"""``infdit bench``: what it asks for, what it prints, and how it ends where part of it failed."""

import json
import sys
from pathlib import Path

import pytest

from infdit_cli.api.bench import BenchReport
from infdit_cli.benchmarking.messages import BenchRequest
from infdit_cli.config import MemoryLimit
from infdit_cli.errors import DiskFull, DoesNotFit, OptionError, SomeFailed
from infdit_cli.results import BenchResult
from support.benches import AGAINST, BENCHED, ON_A_GPU, WHOLE
from support.face import FakeApi, run, use_api

PARTLY = BenchReport(result=BENCHED, errors=(DoesNotFit("the picture needs 9 MiB", hint="--memory 16MiB"),))


@pytest.fixture
def api(monkeypatch):
    return use_api(monkeypatch, FakeApi(BenchReport(result=WHOLE, errors=())))


@pytest.fixture
def failing_api(monkeypatch):
    return use_api(monkeypatch, FakeApi(PARTLY))


def asked_of(api):
    [(job, [request], options)] = api.calls
    assert job == "bench"
    return request, options


def test_without_options_the_defaults_are_measured(api, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["/usr/bin/infdit", "bench"])
    assert run("bench") == 0
    request, options = asked_of(api)
    assert request == BenchRequest()
    assert (options["output"], options["plot"]) == (None, None)
    assert options["command"] == "infdit bench"


def test_every_option_reaches_the_api(api):
    argv = "--res 512,256 --repeats 7 --weights w --steps 2 --memory 1GiB --device cpu --spool s"
    argv += " --against sdxl-unet"
    assert run("bench", *argv.split(), "--plot", "p.svg", "-o", "r.json") == 0
    request, options = asked_of(api)
    assert request == BenchRequest(
        sizes_px=(512, 256),
        repeats=7,
        weights="w",
        steps=2,
        memory=MemoryLimit(num_bytes=1 << 30),
        device="cpu",
        spool=Path("s"),
        against=("sdxl-unet",),
    )
    assert (options["output"], options["plot"]) == (Path("r.json"), Path("p.svg"))


@pytest.mark.parametrize(
    ("argv", "sizes_px", "repeats"),
    [([], (256,), 1), (["--res", "64"], (64,), 1), (["--repeats", "2"], (256,), 2)],
    ids=str,
)
def test_quick_stands_for_what_is_not_said(api, argv, sizes_px, repeats):
    assert run("bench", "--quick", *argv) == 0
    request, _ = asked_of(api)
    assert (request.sizes_px, request.repeats) == (sizes_px, repeats)


@pytest.mark.parametrize(
    "wrong",
    [["--res", "few"], ["--res", "8"], ["--repeats", "0"], ["--memory", "1"], ["--against", "sd3"]],
    ids=str,
)
def test_a_wrong_option_is_told_before_anything_is_measured(api, capsys, wrong):
    assert run("bench", *wrong) == OptionError.exit_code
    assert wrong[0] in capsys.readouterr().err
    assert api.calls == []


def test_the_text_says_where_and_has_a_row_for_each_resolution(api, capsys):
    assert run("bench") == 0
    out, err = capsys.readouterr()
    assert err == ""
    lines = out.splitlines()
    assert lines[0] == "machine    Some CPU, 2 cores, 2 threads, load 0.50 1.00 1.50"
    assert "model      compact, 1 step, 1 evaluation, cpu float32" in lines
    assert lines[-3].split("  ")[0] == "output"
    figures = "512×512 1.12 (1 to 1.25) 0.875 (0.75 to 1) 0.233 39% 380 MiB 400 MiB 1.5 GiB"
    assert " ".join(lines[-2].split()) == figures
    assert lines[-1].startswith("1024×1024  ")
    assert len({len(line) for line in lines[-3:]}) == 1


def test_a_gpu_has_a_line_and_a_column_for_the_host(monkeypatch, capsys):
    use_api(monkeypatch, FakeApi(BenchReport(result=ON_A_GPU, errors=())))
    assert run("bench") == 0
    out = capsys.readouterr().out
    assert "GPU        Some GPU, 23.4 GiB" in out
    assert "host peak" in out


def test_figures_that_no_file_could_take_are_printed_all_the_same(monkeypatch, capsys):
    full = DiskFull("r.json: no space left on device")
    use_api(monkeypatch, FakeApi(BenchReport(result=WHOLE, errors=(), unwritten=full)))
    assert run("bench", "-o", "r.json") == DiskFull.exit_code
    out, err = capsys.readouterr()
    assert out.splitlines()[-1].startswith("1024×1024  ")
    assert err.splitlines()[0] == "infdit: error: r.json: no space left on device"


def test_json_is_one_line_with_figures_and_error_though_no_file_could_take_them(monkeypatch, capsys):
    full = DiskFull("r.json: no space left on device", hint="free some space")
    use_api(monkeypatch, FakeApi(BenchReport(result=WHOLE, errors=(), unwritten=full)))
    assert run("bench", "-o", "r.json", "--json") == DiskFull.exit_code
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert BenchResult.from_dict(told["result"]) == WHOLE
    assert told["error"] == {
        "type": "DiskFull",
        "message": "r.json: no space left on device",
        "hint": "free some space",
        "exit_code": 4,
    }


def test_a_resolution_that_does_not_fit_is_a_row_and_a_failure_of_the_whole(failing_api, capsys):
    assert run("bench") == SomeFailed.exit_code
    out, err = capsys.readouterr()
    assert out.splitlines()[-1] == "2048×2048  does not fit: the picture needs 9 MiB"
    assert err.splitlines() == [
        "infdit: error: 1 of 3 resolutions could not be measured",
        "hint: --memory 16MiB",
    ]


def test_a_network_of_others_has_a_table_of_its_own(monkeypatch, capsys):
    use_api(monkeypatch, FakeApi(BenchReport(result=AGAINST, errors=())))
    assert run("bench") == 0
    *_, own, blank, name, header, smaller, larger, missing = capsys.readouterr().out.splitlines()
    assert own.startswith("1024×1024  1.12")
    assert (blank, name) == ("", "SDXL-shaped UNet, 2567.5 M parameters, random weights, one evaluation")
    assert header.split("  ")[0] == "output"
    assert " ".join(smaller.split()) == "512×512 32 (30 to 34) 5.7 GiB"
    assert " ".join(larger.split()) == "1024×1024 32 (30 to 34) 6.1 GiB"
    assert missing == "2048×2048  does not fit: weights and activations need 9 MiB"


def test_what_could_not_be_measured_of_others_is_a_failure_as_well(monkeypatch, capsys):
    errors = (DoesNotFit("weights and activations need 9 MiB", hint="without --against"),)
    use_api(monkeypatch, FakeApi(BenchReport(result=AGAINST, errors=errors)))
    assert run("bench", "--res", "512,1024,2048", "--against", "sdxl-unet") == SomeFailed.exit_code
    assert capsys.readouterr().err.splitlines() == [
        "infdit: error: 1 of 6 measurements could not be made",
        "hint: without --against",
    ]


@pytest.mark.usefixtures("api")
def test_json_holds_a_result_that_can_be_read_back(capsys):
    assert run("bench", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["schema"], told["command"], told["ok"]) == ("infdit/1", "bench", True)
    assert BenchResult.from_dict(told["result"]) == WHOLE


def test_json_is_one_line_that_says_so_where_part_has_failed(failing_api, capsys):
    assert run("bench", "--json") == SomeFailed.exit_code
    told = json.loads(capsys.readouterr().out)
    assert told["ok"] is False
    assert told["result"]["schema"] == "infdit-bench/1"
    assert told["result"]["unmeasured"] == [
        {"size_px": 2048, "type": "DoesNotFit", "message": "the picture needs 9 MiB"}
    ]
    assert told["error"]["type"] == "SomeFailed"
    assert told["error"]["exit_code"] == SomeFailed.exit_code


def test_ctrl_c_says_that_nothing_was_written(monkeypatch, capsys):
    use_api(monkeypatch, FakeApi(KeyboardInterrupt()))
    assert run("bench") == 130
    assert "nothing was written" in capsys.readouterr().err
