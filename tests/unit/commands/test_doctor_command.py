"""``infdit doctor`` on this machine, and on machines where something does not answer."""

import json

import psutil
import pytest

from infdit_cli.api.doctor import report as api
from infdit_cli.machine import devices
from support import face
from support.entries import make_settings, use_settings


@pytest.fixture(autouse=True)
def quick(tmp_path, monkeypatch):
    """Folders of this test's own, and no open_clip, whose import takes seconds."""
    use_settings(monkeypatch, make_settings(tmp_path))
    monkeypatch.setattr(api, "_open_clip", lambda: None)


def shown(capsys):
    code = face.run("doctor", "--json")
    out, err = capsys.readouterr()
    assert (code, err) == (0, "")
    return json.loads(out)


def fail(error):
    def probe(*_):
        raise error

    return probe


def test_the_envelope_has_every_part(capsys):
    envelope = shown(capsys)
    assert (envelope["schema"], envelope["command"], envelope["ok"]) == ("infdit/1", "doctor", True)
    result = envelope["result"]
    assert result["failed"] == []
    assert result["torch"]["num_threads"] >= 1
    assert result["memory"]["source"] in {"machine", "container", "ulimit"}
    assert result["limits"][0]["source"] == "machine"
    assert [each["role"] for each in result["folders"]] == ["current", "temporary", "cache", "config"]
    assert {"name": "inf-dit", "path": None, "size_bytes": None, "digest": None} in result["weights"]
    cpu = result["devices"][0]
    assert cpu["name"] == "cpu"
    assert [each["taken"] for each in cpu["formats"]].count(True) == 1


def test_the_text_is_on_stdout(capsys):
    assert face.run("doctor") == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "\nprogram\n  infdit " in f"\n{out}"
    assert "\nweights\n  compact  " in out


@pytest.mark.parametrize(
    ("probe", "name", "lacks"),
    [
        ("torch_build", "torch", "devices"),
        ("host_limits", "memory", "limits"),
        ("packages", "packages", "packages"),
    ],
)
def test_a_broken_probe_is_a_line_and_hides_nothing_else(monkeypatch, capsys, probe, name, lacks):
    monkeypatch.setattr(api, probe, fail(OSError("it is broken\nand this is its second line")))
    result = shown(capsys)["result"]
    assert {"name": name, "message": "OSError: it is broken"} in result["failed"]
    assert result[lacks] == []
    assert result["folders"]


def test_a_broken_device_hides_no_other_part(monkeypatch, capsys):
    monkeypatch.setattr(devices, "describe", fail(RuntimeError("CUDA driver error")))
    result = shown(capsys)["result"]
    assert {"name": "cpu", "message": "RuntimeError: CUDA driver error"} in result["failed"]
    assert result["torch"]


def test_a_system_that_does_not_tell_its_memory(monkeypatch, capsys):
    monkeypatch.setattr(psutil, "virtual_memory", fail(RuntimeError()))
    result = shown(capsys)["result"]
    assert {"name": "memory", "message": "RuntimeError"} in result["failed"]
    assert result["memory"] is None


def test_without_open_clip_it_says_what_will_not_work(monkeypatch, capsys):
    monkeypatch.setattr(api, "_open_clip", fail(ImportError("no")))
    assert any("--toward" in each for each in shown(capsys)["result"]["warnings"])
