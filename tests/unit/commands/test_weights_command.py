"""``infdit weights`` from the command line to the disk, with real servers and the hub's own client."""

import json

import pytest
from huggingface_hub import constants
from PIL import Image

from infdit_cli.weights import load_checkpoint
from support import face
from support.entries import ORIGINAL, make_settings, tiny_file, use_settings, write_entry
from support.http_faults import COMMIT, serving

HUB = {"kind": "huggingface", "repo": "someone/tiny", "file": "tiny.safetensors", "revision": COMMIT}


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """Folders of this test's own, for us and for the hub's client."""
    settings = make_settings(tmp_path)
    use_settings(monkeypatch, settings)
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    return settings


@pytest.fixture
def infdit(capsys):
    """Run a command line; the answer has its exit code, stdout and stderr."""

    def run(*argv):
        code = face.run(*argv)
        out, err = capsys.readouterr()
        return code, out, err

    return run


def use_hub(monkeypatch, server, *, offline=False):
    """Do to the hub's client what HF_ENDPOINT and HF_HUB_OFFLINE do to it when it is imported."""
    endpoint = server.url.rsplit("/", 1)[0]
    template = constants.HUGGINGFACE_CO_URL_TEMPLATE.replace(constants.ENDPOINT, endpoint)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", template)
    monkeypatch.setattr(constants, "ENDPOINT", endpoint)
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", offline)


def test_a_pickle_given_as_weights_names_the_command_that_converts_it(settings, infdit, tmp_path):
    Image.new("RGB", (8, 8)).save(tmp_path / "x.png")
    code, _, told = infdit("upscale", tmp_path / "x.png", "--weights", ORIGINAL)
    assert code == 5
    assert f"hint: infdit weights convert {ORIGINAL} mp_rank_00_model_states.safetensors" in told


@pytest.mark.parametrize("columns", [200, 80, 60, 40])
def test_names_are_whole_on_a_terminal_of_any_width(settings, monkeypatch, columns):
    shown = face.watch_stdout(monkeypatch, COLUMNS=str(columns), NO_COLOR="1")
    assert face.run("weights", "list") == 0
    lines = [line for line in shown.getvalue().splitlines() if "\x1b" not in line]
    assert columns == 40 or max(map(len, lines)) <= columns
    assert {"compact", "compact-restore", "inf-dit"} <= {line.split()[0] for line in lines if line.strip()}
    assert "…" not in shown.getvalue()
    assert ("licence" in shown.getvalue()) == (columns != 60)  # narrower still are the columns of a pipe


def test_the_list_has_a_row_for_each_model(settings, infdit):
    code, out, _ = infdit("weights", "list")
    assert code == 0
    rows = [line.split()[:2] for line in out.splitlines()[1:]]
    assert [row[0] for row in rows] == ["compact", "compact-restore", "inf-dit"]
    assert rows[2][1] == "no"


def test_a_model_through_its_whole_life(settings, infdit):
    with serving(ORIGINAL.read_bytes(), ["cut"]) as server:
        write_entry(settings, source={"kind": "urls", "urls": [server.url]}, format="original")
        listed = json.loads(infdit("weights", "list", "--json")[1])
        assert listed["command"] == "weights list"
        assert [each["path"] for each in listed["result"]["weights"] if each["name"] == "tiny"] == [None]
        code, pulled, told = infdit("weights", "pull", "tiny")
    assert (code, told) == (0, "")
    assert infdit("weights", "path", "tiny")[1] == pulled
    assert infdit("weights", "verify", "tiny")[1].endswith(f"  {pulled}")
    assert json.loads(infdit("weights", "rm", "tiny", "--json")[1])["result"]["paths"] == [pulled.strip()]
    code, out, _ = infdit("weights", "path", "tiny", "--json")
    assert code == 5
    assert json.loads(out)["error"]["type"] == "MissingWeights"


def test_verify_without_a_name_checks_all_that_are_here(settings, infdit):
    content = tiny_file(settings.cache_dir.parent / "tiny.safetensors")
    write_entry(settings, source={"kind": "file", "file": "../tiny.safetensors"}, bytes=len(content) + 1)
    code, out, _ = infdit("weights", "verify", "--json")
    assert code == 5
    assert json.loads(out)["error"]["type"] == "ChecksumMismatch"


def test_an_unknown_name_is_told_before_anything_is_fetched(settings, infdit):
    code, _, told = infdit("weights", "pull", "inf-dit", "nobody")
    assert code == 5
    assert "no weights called 'nobody'" in told
    assert not settings.cache_dir.exists()


@pytest.mark.parametrize(("fault", "kind"), [(404, "DownloadFailed"), ("short", "ChecksumMismatch")])
def test_a_failed_pull_has_code_5_and_leaves_no_file(settings, infdit, fault, kind):
    with serving(b"x" * 1000, forever=fault) as server:
        write_entry(settings, source={"kind": "urls", "urls": [server.url]}, bytes=1000)
        code, out, _ = infdit("weights", "pull", "tiny", "--json")
    assert code == 5
    assert json.loads(out)["error"]["type"] == kind
    assert list(settings.cache_dir.rglob("*.safetensors")) == []


def test_the_hubs_client_fetches_once_and_rm_gives_the_room_back(settings, infdit, tmp_path, monkeypatch):
    content = tiny_file(tmp_path / "tiny.safetensors")
    write_entry(settings, source=HUB)
    monkeypatch.setenv("HF_TOKEN", "hf_secret")
    with serving(content) as server:
        use_hub(monkeypatch, server)
        code, pulled, told = infdit("weights", "pull", "tiny")
        assert (code, told) == (0, "")
        asked = len(server.requests)
        assert infdit("weights", "pull", "tiny")[1] == pulled
        assert len(server.requests) == asked
    # A mirror is not the hub: the user's token stays here.
    assert not [each for each in server.requests if "authorization" in {key.lower() for key in each}]
    path = tmp_path / "hub" / pulled.strip()
    assert load_checkpoint(path).config.num_layers == 2
    assert json.loads(infdit("weights", "rm", "tiny", "--json")[1])["result"]["paths"] == [str(path)]
    kept = [each for each in (tmp_path / "hub").rglob("*") if each.is_file()]
    assert sum(each.stat().st_size for each in kept) < 1000


def test_a_hub_file_with_other_bytes_than_stated_is_refused(settings, infdit, tmp_path, monkeypatch):
    content = tiny_file(tmp_path / "tiny.safetensors")
    write_entry(settings, source=HUB, sha256="0" * 64)
    with serving(content) as server:
        use_hub(monkeypatch, server)
        code, out, _ = infdit("weights", "pull", "tiny", "--json")
    assert code == 5
    assert json.loads(out)["error"]["type"] == "ChecksumMismatch"


@pytest.mark.parametrize("offline", [True, False], ids=["offline", "no such file"])
def test_a_hub_that_does_not_give_the_file_is_a_failed_download(settings, infdit, monkeypatch, offline):
    write_entry(settings, source=HUB)
    with serving(b"", forever=404) as server:
        use_hub(monkeypatch, server, offline=offline)
        code, out, _ = infdit("weights", "pull", "tiny", "--json")
    assert code == 5
    error = json.loads(out)["error"]
    assert error["type"] == "DownloadFailed"
    assert "someone/tiny/tiny.safetensors" in error["message"]
