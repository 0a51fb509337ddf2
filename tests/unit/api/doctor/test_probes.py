"""What an installation consists of, told without secrets."""

from pathlib import Path

import pytest

from infdit_cli.api.doctor import probes
from infdit_cli.api.doctor.prober import Prober
from infdit_cli.api.doctor.probes import environment, folders, packages, weights_states
from infdit_cli.weights import fingerprint
from support.entries import make_settings, tiny_file, use_settings, write_entry


@pytest.fixture
def settings(tmp_path, monkeypatch):
    settings = make_settings(tmp_path)
    use_settings(monkeypatch, settings)
    return settings


def state_of(name):
    prober = Prober()
    [state] = [each for each in weights_states(prober) if each.name == name]
    assert prober.failed == []
    return state


def told(**variables):
    return {each.name: each.value for each in environment(variables)}


def test_variables_that_change_nothing_are_not_told():
    assert told(PATH="/bin", DATABASE="me:x@db", INFDIT_DEBUG="1") == {"INFDIT_DEBUG": "1"}


@pytest.mark.parametrize("name", ["HF_TOKEN", "HUGGING_FACE_HUB_TOKEN", "INFDIT_API_KEY", "HF_password"])
def test_a_secret_is_only_said_to_be_set(name):
    assert told(**{name: "hf_abc"}) == {name: "(set)"}


@pytest.mark.parametrize(
    ("proxy", "shown"),
    [
        ("joe:secret@proxy:3128", "***@proxy:3128"),
        ("http://joe:se/cret@proxy:3128", "http://***@proxy:3128"),
        ("socks5://joe:sec ret@x", "socks5://***@x"),
        ("http://proxy:3128", "http://proxy:3128"),
    ],
)
def test_a_proxys_password_is_masked_whatever_is_in_it(proxy, shown):
    assert told(ALL_PROXY=proxy) == {"ALL_PROXY": shown}


def test_a_proxys_user_is_masked():
    assert told(HTTPS_PROXY="http://me:secret@proxy:3128", no_proxy="localhost") == {
        "HTTPS_PROXY": "http://***@proxy:3128",
        "no_proxy": "localhost",
    }


def test_the_home_folder_is_a_tilde_in_variables(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/home/jo"))
    assert told(HF_HOME="/home/jo/hub") == {"HF_HOME": "~/hub"}


def test_the_packages_are_those_that_infdit_asks_for():
    found = {each.name.replace("_", "-"): each.version for each in packages()}
    assert found["numpy"]
    assert {"torch", "pillow", "pyvips", "torchvision"} <= found.keys()


def test_a_package_that_is_missing_has_no_version(monkeypatch):
    monkeypatch.setattr(probes, "requires", lambda _: ["no-such-package[extra]>=2; python_version > '3'"])
    [missing, _] = packages()
    assert (missing.name, missing.version) == ("no-such-package", None)


def test_an_extra_is_told_where_it_is_installed_and_not_missed_where_it_is_not(monkeypatch):
    lines = ["numpy>=2", "no-such-package>=1; extra == 'eval'", 'pillow>=11; extra == "plot"']
    monkeypatch.setattr(probes, "requires", lambda _: lines)
    assert [each.name for each in packages()] == ["numpy", "torchvision", "pillow"]


@pytest.mark.parametrize(("name", "told"), [("pillow", ["pillow"]), ("no-such-package", [])])
def test_what_only_some_machines_can_have_is_not_missed(monkeypatch, name, told):
    line = f"{name}>=1; sys_platform != 'win32' or platform_machine != 'ARM64'"
    monkeypatch.setattr(probes, "requires", lambda _: [line])
    assert [each.name for each in packages()] == ["torchvision", *told]


def test_folders_tell_their_room_and_are_not_made(settings):
    prober = Prober()
    found = {each.role: each for each in folders(prober)}
    assert list(found) == ["current", "temporary", "cache", "config"]
    assert found["current"].exists
    assert not found["cache"].exists
    assert found["cache"].free_bytes > 0
    assert not settings.cache_dir.exists()


def test_a_folder_that_does_not_answer_hides_no_other(settings, monkeypatch):
    monkeypatch.setattr(Path, "cwd", lambda: Path("/no") / 3)
    prober = Prober()
    assert [each.role for each in folders(prober)] == ["temporary", "cache", "config"]
    assert [each.name for each in prober.failed] == ["folder current"]


@pytest.mark.parametrize("digest", ["ok", "differs", "not pinned"])
def test_a_small_file_is_held_against_its_digest(settings, tmp_path, digest):
    tiny_file(tmp_path / "tiny.safetensors")
    actual = fingerprint(tmp_path / "tiny.safetensors").sha256
    pin = {"ok": {"sha256": actual}, "differs": {"sha256": "0" * 64}, "not pinned": {}}[digest]
    write_entry(settings, source={"kind": "file", "file": "../tiny.safetensors"}, **pin)
    found = state_of("tiny")
    assert found.digest == digest
    assert found.size_bytes == (tmp_path / "tiny.safetensors").stat().st_size


def test_a_packaged_file_is_part_of_the_package(settings):
    assert state_of("compact").digest == "part of the package"


def test_a_large_file_is_not_read(settings, tmp_path, monkeypatch):
    tiny_file(tmp_path / "tiny.safetensors")
    monkeypatch.setattr(probes, "_CHEAP_BYTES", 1000)
    write_entry(settings, source={"kind": "file", "file": "../tiny.safetensors"}, sha256="0" * 64)
    assert state_of("tiny").digest == "not checked"


def test_a_wrong_size_tells_without_reading(settings, tmp_path, monkeypatch):
    tiny_file(tmp_path / "tiny.safetensors")
    monkeypatch.setattr(probes, "_CHEAP_BYTES", 1000)
    write_entry(settings, source={"kind": "file", "file": "../tiny.safetensors"}, bytes=7)
    assert state_of("tiny").digest == "differs"


def test_weights_that_are_not_here_have_no_file(settings):
    found = state_of("inf-dit")
    assert (found.path, found.size_bytes, found.digest) == (None, None, None)


def test_a_damaged_registry_is_a_failed_probe(settings):
    settings.config_dir.mkdir(parents=True)
    (settings.config_dir / "weights.toml").write_text("[weights", encoding="utf-8")
    prober = Prober()
    assert weights_states(prober) == ()
    assert "cannot be read" in prober.failed[0].message
