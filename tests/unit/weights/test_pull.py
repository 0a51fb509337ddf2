"""Pulling an entry: fetched once, checked, made ready, pinned, and the same ever after."""

import errno
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from infdit_cli.errors import (
    ChecksumMismatch,
    DownloadFailed,
    ForbiddenPickle,
    JobLocked,
    MissingWeights,
    UnknownKeys,
    WeightsError,
)
from infdit_cli.events import BytesDone
from infdit_cli.files import half_of
from infdit_cli.weights import Store, find_entry, fingerprint, load_checkpoint, open_weights, pull
from infdit_cli.weights.download import Patience
from infdit_cli.weights.pins import Pins
from support.entries import ORIGINAL, make_settings, tiny_file, use_settings, write_entry
from support.http_faults import serving

HASTE = Patience(connect_s=2, stall_s=0.3, tries=2, pause_s=0.01)


@pytest.fixture
def settings(tmp_path):
    return make_settings(tmp_path)


@pytest.fixture(scope="module")
def content(tmp_path_factory):
    return tiny_file(tmp_path_factory.mktemp("tiny") / "tiny.safetensors")


def fetch(settings, name="tiny", *, on_event=lambda _: None, check=lambda _: None):
    entry = find_entry(name, settings)
    return pull(entry, Store(settings), on_event, check=check, patience=HASTE)


def urls(*servers):
    return {"kind": "urls", "urls": [server.url for server in servers]}


def left_in(settings):
    """Return the cache's visible files: lock files are empty and stay."""
    found = [path for path in settings.cache_dir.rglob("*") if path.is_file()]
    return sorted(path.name for path in found if path.suffix not in {".lock", ".guard"})


def test_a_pulled_file_is_ready_pinned_and_not_fetched_again(settings, content):
    told = []
    with serving(content) as server:
        write_entry(settings, source=urls(server))
        path = fetch(settings, on_event=told.append)
        assert fetch(settings) == path
    assert len(server.requests) == 1
    assert path.read_bytes() == content
    assert open_weights("tiny", settings).name == "tiny"
    assert left_in(settings) == ["tiny.safetensors", "weights.lock.json"]
    assert told[-1] == BytesDone("downloading", "tiny", len(content), len(content))
    assert Pins(settings).read("tiny").source == fingerprint(path)


def test_the_originals_file_is_converted_on_the_way(settings):
    with serving(ORIGINAL.read_bytes()) as server:
        write_entry(settings, source=urls(server), format="original")
        path = fetch(settings)
    assert load_checkpoint(path).config.num_layers == 3
    assert left_in(settings) == ["tiny.safetensors", "weights.lock.json"]
    pin = Pins(settings).read("tiny")
    assert pin.source == fingerprint(ORIGINAL)
    assert pin.file == fingerprint(path)


def test_other_bytes_at_a_later_pull_are_refused_until_the_pin_is_forgotten(settings, content, tmp_path):
    with serving(content) as server:
        write_entry(settings, source=urls(server))
        fetch(settings)
        entry, store = find_entry("tiny", settings), Store(settings)
        assert [path.name for path in store.remove(entry, forget=False)] == ["tiny.safetensors"]
        server.content = content[:-1] + bytes([content[-1] ^ 1])
        with pytest.raises(ChecksumMismatch):
            fetch(settings)
        assert left_in(settings) == ["weights.lock.json"]
        store.remove(entry, forget=True)
        fetch(settings)


@pytest.mark.parametrize(
    "fault", [403, 404, 500, "cut from the start", "silence", "web page", "wrong bytes", "short"]
)
def test_whatever_the_server_does_nothing_half_written_gets_the_name(settings, content, fault):
    known = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    with serving(content, forever=fault) as server:
        write_entry(settings, source=urls(server), **known)
        with pytest.raises((DownloadFailed, ChecksumMismatch)) as caught:
            fetch(settings)
    assert caught.value.exit_code == 5
    assert "tiny.safetensors" not in left_in(settings)
    with pytest.raises(MissingWeights):
        open_weights("tiny", settings)


def test_a_file_of_another_kind_is_neither_kept_nor_pinned(settings):
    with serving(b"some other file " * 100) as server:
        for file_format in ("infdit", "original"):
            write_entry(settings, source=urls(server), format=file_format)
            with pytest.raises(WeightsError):
                fetch(settings)
            assert left_in(settings) == []


def test_a_hostile_pickle_is_refused_and_not_kept(settings, tmp_path):
    class Attack:
        def __reduce__(self):
            return os.system, (f"touch {tmp_path / 'was here'}",)

    torch.save({"module": {"w": Attack()}}, tmp_path / "x.pt")
    with serving((tmp_path / "x.pt").read_bytes()) as server:
        write_entry(settings, source=urls(server), format="original")
        with pytest.raises(ForbiddenPickle):
            fetch(settings)
    assert left_in(settings) == []
    assert not (tmp_path / "was here").exists()


def test_another_model_than_the_entry_means_is_refused(settings, content):
    with serving(content) as server:
        write_entry(settings, source=urls(server))
        toml = settings.config_dir / "weights.toml"
        toml.write_text(toml.read_text() + "\n[weights.tiny.config]\nnum_layers = 28\n")
        with pytest.raises(WeightsError, match="num_layers is 2 instead of 28"):
            fetch(settings)
    assert left_in(settings) == []


def test_tensors_that_do_not_fit_the_model_are_refused(settings, content):
    def refuse(_checkpoint):
        raise UnknownKeys("no")

    with serving(content) as server:
        write_entry(settings, source=urls(server))
        with pytest.raises(UnknownKeys):
            fetch(settings, check=refuse)
    assert left_in(settings) == []


def test_a_changed_file_fails_the_check(settings, content):
    with serving(content) as server:
        write_entry(settings, source=urls(server))
        path = fetch(settings)
    entry, store = find_entry("tiny", settings), Store(settings)
    store.verify(entry, lambda _: None)
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(ChecksumMismatch, match=r"tiny\.safetensors has the sha256"):
        store.verify(entry, lambda _: None)


def test_a_file_of_the_users_own_is_used_checked_and_never_removed(settings, content):
    write_entry(settings, source={"kind": "file", "file": "own.safetensors"}, bytes=len(content))
    entry, store = find_entry("tiny", settings), Store(settings)
    with pytest.raises(MissingWeights, match=r"own\.safetensors: no such file"):
        fetch(settings)
    (settings.config_dir / "own.safetensors").write_bytes(content)
    assert fetch(settings) == settings.config_dir / "own.safetensors"
    store.verify(entry, lambda _: None)
    with pytest.raises(WeightsError, match="was not pulled"):
        store.remove(entry, forget=False)


ODD_SIZE = {"sha256": None, "size_bytes": "3"}
ODD_PIN = json.dumps({"weights": {"tiny": {"source": ODD_SIZE, "path": None, "file": ODD_SIZE}}})


def test_a_damaged_lock_file_is_named(settings, content):
    settings.cache_dir.mkdir(parents=True)
    write_entry(settings, source={"kind": "urls", "urls": ["http://127.0.0.1:1/"]})
    for text in ("{", "[" * 100_000, "[]", json.dumps({"weights": {"tiny": {}}}), ODD_PIN):
        (settings.cache_dir / "weights.lock.json").write_text(text)
        with pytest.raises(WeightsError, match=r"weights\.lock\.json is damaged"):
            fetch(settings)


def test_a_lock_file_that_may_not_be_read_is_not_called_damaged(settings, monkeypatch):
    write_entry(settings, source={"kind": "urls", "urls": ["http://127.0.0.1:1/"]})
    (settings.cache_dir / "weights.lock.json").mkdir(parents=True)  # which no user may read as a file
    with pytest.raises(WeightsError, match=r"weights\.lock\.json cannot be read") as caught:
        fetch(settings)
    assert "delete" not in (caught.value.hint or "")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions do not bind this user")
def test_a_folder_that_cannot_be_written_is_told(settings):
    settings.cache_dir.mkdir(parents=True, mode=0o500)
    write_entry(settings, source={"kind": "urls", "urls": ["http://127.0.0.1:1/"]})
    with pytest.raises(WeightsError, match="cannot be used"):
        fetch(settings)


def test_a_cache_folder_that_is_a_file_is_told(settings):
    settings.cache_dir.write_bytes(b"")
    write_entry(settings, source={"kind": "urls", "urls": ["http://127.0.0.1:1/"]})
    with pytest.raises(WeightsError, match="cannot be used"):
        fetch(settings)


def test_two_processes_that_pull_the_same_file_fetch_it_once(settings, content, monkeypatch):
    use_settings(monkeypatch, settings)
    command = [sys.executable, "-m", "infdit_cli", "weights", "pull", "tiny"]
    with serving(content, ["stall"]) as server:
        write_entry(settings, source=urls(server))
        workers = [subprocess.Popen(command, stdout=subprocess.PIPE) for _ in range(2)]
        told = [worker.communicate(timeout=120)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0, 0]
    assert told[0] == told[1]
    assert server.sent_bytes == len(content)
    assert left_in(settings) == ["tiny.safetensors", "weights.lock.json"]


def test_what_is_being_pulled_is_not_removed(settings, content):
    with serving(content) as server:
        write_entry(settings, source=urls(server))
        path = fetch(settings)
    entry = find_entry("tiny", settings)
    with Store(settings).alone(entry, on_busy=lambda: None):
        with pytest.raises(JobLocked, match="tiny is being pulled"):
            Store(settings).remove(entry, forget=True)
        assert path.read_bytes() == content
        assert Pins(settings).read("tiny").path == path
    assert Store(settings).remove(entry, forget=True) == (path,)


def test_a_killed_pull_goes_on_at_the_next(settings, content, tmp_path):
    def stop(_event):
        raise KeyboardInterrupt

    with serving(content, ["cut"]) as server:
        write_entry(settings, source=urls(server))
        with pytest.raises(KeyboardInterrupt):
            fetch(settings, on_event=stop)
        assert "tiny.safetensors" not in left_in(settings)
        fetch(settings)
    assert server.requests[1]["Range"].startswith("bytes=")


def test_half_a_lock_file_of_a_killed_process_goes_with_the_next_pin(settings, content):
    settings.cache_dir.mkdir(parents=True)
    half_of(settings.cache_dir / "weights.lock.json").write_text("{")
    with serving(content) as server:
        write_entry(settings, source=urls(server))
        fetch(settings)
    assert left_in(settings) == ["tiny.safetensors", "weights.lock.json"]


def test_a_registry_that_has_learned_better_is_heard(settings, content):
    with serving(content) as server:
        write_entry(settings, source=urls(server))
        fetch(settings)
        write_entry(settings, source=urls(server), sha256="0" * 64)
        with pytest.raises(ChecksumMismatch, match="as it was pulled"):
            Store(settings).verify(find_entry("tiny", settings), lambda _: None)
        with pytest.raises((ChecksumMismatch, DownloadFailed)):
            fetch(settings)
    assert len(server.requests) > 1


def test_a_lock_file_that_may_not_be_written_is_told(settings, content, monkeypatch):
    with serving(content) as server:
        write_entry(settings, source=urls(server))
        path = fetch(settings)

    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr("infdit_cli.weights.pins.replacing", refuse)
    with pytest.raises(WeightsError, match=r"weights\.lock\.json cannot be written: Permission denied"):
        Store(settings).remove(find_entry("tiny", settings), forget=True)
    assert not path.exists()


def test_a_file_that_nobody_can_look_at_is_not_there(settings, tmp_path):
    write_entry(settings, source={"kind": "file", "file": "x" * 5000})  # as one in a folder that is closed
    assert Store(settings).find(find_entry("tiny", settings)) is None
    with pytest.raises(MissingWeights):
        Store(settings).path(find_entry("tiny", settings))


def test_a_file_that_may_not_be_removed_is_told(settings, content, monkeypatch):
    with serving(content) as server:
        write_entry(settings, source=urls(server))
        fetch(settings)

    def refuse(*_, **__):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "unlink", refuse)
    with pytest.raises(WeightsError, match="cannot be removed: Permission denied"):
        Store(settings).remove(find_entry("tiny", settings), forget=False)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_no_matter_of_the_weights(settings, monkeypatch, number):
    def refuse(*_, **__):
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(sys.modules["infdit_cli.weights.pull"], "download", refuse)
    write_entry(settings, source={"kind": "urls", "urls": ["https://example.org/a"]})
    with pytest.raises(OSError, match=os.strerror(number)) as caught:
        fetch(settings)
    assert caught.value.errno == number
