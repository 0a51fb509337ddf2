"""What may stand in ``weights.toml``, and what is said about the rest."""

import pytest

from infdit_cli.config import ModelConfig
from infdit_cli.errors import UnknownWeights, WeightsError
from infdit_cli.weights import find_entry, open_weights, read_registry
from infdit_cli.weights.entry import Hub, OnDisk, Urls
from infdit_cli.weights.entry_table import parse_entry
from support.entries import make_settings, write_entry

GOOD = {"description": "a", "licence": "b", "source": {"kind": "urls", "urls": ["https://example.org/a"]}}


@pytest.fixture
def settings(tmp_path):
    return make_settings(tmp_path)


def test_the_package_knows_three_models(settings):
    entries = read_registry(settings)
    assert set(entries) == {"compact", "compact-restore", "inf-dit"}
    for name in ("compact", "compact-restore"):
        assert isinstance(entries[name].source, OnDisk)
    released = entries["inf-dit"]
    assert isinstance(released.source, Urls)
    assert released.format == "original"
    assert (released.sampler.name, released.sampler.steps) == ("heun", 20)
    config = ModelConfig.from_dict(dict(released.config))
    assert (config.num_layers, config.hidden_size, config.head_dim, config.block_tokens) == (
        28,
        1280,
        80,
        1024,
    )


def test_every_packaged_entry_is_described(settings):
    for entry in read_registry(settings).values():
        assert entry.description
        assert entry.licence
        assert entry.memory_bytes


def test_a_user_adds_and_replaces_entries(settings):
    write_entry(settings, "mine", source={"kind": "file", "file": "mine.safetensors"})
    entry = find_entry("mine", settings)
    assert entry.source == OnDisk(settings.config_dir / "mine.safetensors")
    assert "compact" in read_registry(settings)
    hub = {"kind": "huggingface", "repo": "a/b", "file": "c.pt", "revision": "d"}
    write_entry(settings, "compact", source=hub, sha256="0" * 64, bytes=5)
    entry = find_entry("compact", settings)
    assert entry.source == Hub(repo="a/b", file="c.pt", revision="d")
    assert entry.fingerprint.size_bytes == 5


def test_unknown_names_list_the_known_ones(settings):
    with pytest.raises(UnknownWeights) as caught:
        find_entry("own.safetensors", settings)
    assert caught.value.hint == "known: compact, compact-restore, inf-dit"


def test_where_a_file_would_do_the_hint_says_so(settings):
    with pytest.raises(UnknownWeights) as caught:
        open_weights("nobody", settings)
    assert caught.value.hint == "known: compact, compact-restore, inf-dit; or give a .safetensors file"


def test_several_names_in_one_are_told_to_be_taken_one_by_one(settings):
    with pytest.raises(UnknownWeights) as caught:
        find_entry("compact,compact-restore", settings)
    assert caught.value.hint.startswith("one model at a time: run it again with the other; known: ")


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"licence": None}, "missing: licence"),
        ({"colour": "red"}, "unknown: colour"),
        ({"description": 3}, "description is 3; it must be a text"),
        ({"bytes": True}, "bytes is True; it must be a whole number"),
        ({"bytes": -1}, "bytes is -1; it must be from 0 to"),
        ({"memory_bytes": 10**400}, "; it must be from 0 to"),
        ({"format": "gguf"}, "format is 'gguf'; it must be one of infdit, original"),
        ({"sha256": "ABC"}, "sha256 is not 64"),
        ({"source": {"kind": "ftp"}}, "source.kind is 'ftp'"),
        ({"source": {"kind": "urls"}}, "missing: urls"),
        ({"source": {"kind": "urls", "urls": []}}, "list of http or https"),
        ({"source": {"kind": "urls", "urls": ["file:///etc/passwd"]}}, "list of http or https"),
        ({"source": {"kind": "urls", "urls": ["https://me:word@example.org/"]}}, "without user names"),
        ({"source": {"kind": "urls", "urls": ["https://[::1/x"]}}, "list of http or https"),
        ({"source": {"kind": "file", "file": "~nosuchuser/x"}}, "there is no such user"),
        ({"source": {"kind": "file", "file": "x.pt"}, "format": "original"}, "has to be converted"),
        ({"source": {"kind": "huggingface", "repo": "a/b", "file": "c"}}, "missing: revision"),
        ({"config": {"layers": 3}}, "unknown: layers"),
        ({"sampler": {"name": "heun", "order": 2}}, "SamplerConfig: missing or unknown: order"),
        ({"sampler": {"name": "euler"}}, "name is 'euler'; it must be one of heun, dpmpp-2m"),
        ({"sampler": {"steps": "4"}}, "steps is '4', not of type int"),
        ({"sampler": {"rho": 0}}, "rho is 0.0; it must be from"),
        ({"restorer": 1}, "restorer is 1; it must be a text"),
        ({"sampler": {"steps": -1}}, "steps is -1; it must be finite and not negative"),
    ],
)
def test_a_mistake_is_told_with_file_and_entry(tmp_path, change, told):
    table = {key: value for key, value in (GOOD | change).items() if value is not None}
    with pytest.raises(WeightsError) as caught:
        parse_entry("x", table, tmp_path / "weights.toml")
    assert caught.value.exit_code == 5
    assert caught.value.message.startswith(f"{tmp_path / 'weights.toml'}: [weights.x]: ")
    assert told in caught.value.message


@pytest.mark.parametrize("name", ["", "../up", "A b", ".hidden"])
def test_a_name_must_do_as_a_file_name(tmp_path, name):
    with pytest.raises(WeightsError, match="a name is made of"):
        parse_entry(name, GOOD, tmp_path / "weights.toml")


@pytest.mark.parametrize(
    "text", ["weights = 3", "[weights", "[weights]\nx = 1", "\xff", f"x = {'[' * 100_000}"]
)
def test_a_damaged_registry_is_named(settings, text):
    settings.config_dir.mkdir(parents=True)
    (settings.config_dir / "weights.toml").write_bytes(text.encode("latin-1"))
    with pytest.raises(WeightsError, match=r"weights\.toml"):
        read_registry(settings)
