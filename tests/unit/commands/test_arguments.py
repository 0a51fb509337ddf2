"""One picture or many: what a command line asks for, and what contradicts itself."""

import errno
import io
import os
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from infdit_cli.batch import NameTemplate, Shard
from infdit_cli.commands.arguments import _listed, gathered
from infdit_cli.errors import OptionError, UnreadableImage

PLAIN = {
    "files_from": None,
    "null": False,
    "recursive": False,
    "pattern": None,
    "shard": None,
    "name": None,
    "suffix": None,
}


def ask(*inputs, output=None, **options):
    return gathered([str(each) for each in inputs], output, **(PLAIN | options))


class Stdin:
    """Stands in for stdin with bytes in it."""

    def __init__(self, data):
        self.buffer = io.BytesIO(data)


def test_one_file_is_one_picture():
    assert not ask("a.png").many
    assert not ask("a.png", output="out/", name="{stem}.png").many
    assert not ask("-", output="-").many


def test_a_folder_is_a_batch_and_so_is_a_list_of_one(tmp_path):
    listed = tmp_path / "list"
    listed.write_bytes(b"a.png\n")
    assert ask(tmp_path).many
    assert ask("a.png", "b.png").many
    assert ask(files_from=str(listed)).many
    assert ask(files_from=str(listed)).request.inputs == (Path("a.png"),)
    assert ask("a.png", shard="1/2", output="out").many


def test_names_come_from_stdin_after_those_of_the_line(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Stdin(b"b\n.png\0c.png\0"))
    arguments = ask("a.png", files_from="-", null=True)
    assert arguments.request.inputs == (Path("a.png"), Path("b\n.png"), Path("c.png"))


def test_only_the_dash_itself_is_a_pipe(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    Path("-").write_bytes(b"a.png\n")
    assert ask(files_from="./-").request.inputs == (Path("a.png"),)
    assert ask("-", output="-").from_stdin
    assert not ask("./-", output="-").from_stdin
    assert not ask("./-").many
    assert not ask("a.png", output="./-").to_stdout


def test_a_folder_of_that_name_does_not_make_the_dash_a_batch(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    Path("-").mkdir()
    assert ask("-", output="-").from_stdin
    assert not ask("-", output="-").many
    assert ask("./-").many
    assert not ask("./-").from_stdin


def test_a_list_of_nothing_is_a_batch_of_nothing(monkeypatch):
    monkeypatch.setattr(sys, "stdin", Stdin(b""))
    assert ask(files_from="-").request.inputs == ()


def test_the_request_has_everything():
    arguments = ask(
        "a",
        "b",
        output="out",
        recursive=True,
        pattern="*.gif",
        shard="2/3",
        name="{stem}{ext}",
        suffix=".tif",
    )
    request = arguments.request
    assert request.inputs == (Path("a"), Path("b"))
    assert request.output == Path("out")
    assert (request.recursive, request.pattern, request.shard) == (True, "*.gif", Shard(2, 3))
    assert (request.template, request.suffix) == (NameTemplate("{stem}{ext}"), ".tif")


@pytest.mark.parametrize(
    ("inputs", "options", "says"),
    [
        ([], {}, "no INPUT"),
        (["a"], {"null": True}, "null"),
        (["-"], {}, "needs -o"),
        (["-", "a"], {"output": "out"}, "cannot be combined with other inputs"),
        (["a", "b"], {"output": "-"}, "may be several"),
        (["a"], {"output": "b.png", "name": "{stem}.png"}, "-o names a file"),
        (["a"], {"output": "-", "name": "{stem}.png"}, "-o names a file"),
        (["a"], {"output": "b.png", "suffix": ".jpg"}, "contradict each other"),
        (["a"], {"output": "b", "suffix": ".jpg"}, "has no suffix, which is what sets"),
        (["a"], {"name": "{stem}.png", "suffix": ".jpg"}, r"name has no \{ext\}"),
        (["a"], {"name": "{colour}.png"}, "unknown field"),
        (["a"], {"shard": "3"}, "shard is '3'"),
        (["a"], {"shard": "4/3"}, "shard is 4/3"),
    ],
)
def test_contradictions_are_refused(inputs, options, says):
    with pytest.raises(OptionError, match=says):
        ask(*inputs, **options)


@pytest.mark.parametrize(
    ("suffix", "output"), [(".jpg", "b.JPEG"), (".jpg", "b.jfif"), (".tif", "b.tiff"), (".png", "b.png")]
)
def test_a_format_agrees_with_every_spelling_of_its_suffix(suffix, output):
    assert ask("a", output=output, suffix=suffix).request.suffix == suffix


def test_a_list_that_is_not_there_is_told():
    with pytest.raises(UnreadableImage, match="missing: the list of inputs cannot be read"):
        ask(files_from="missing")


def test_a_list_from_a_stdin_that_cannot_be_read_is_told(monkeypatch):
    class Refusing:
        def read(self):
            raise OSError(errno.EBADF, os.strerror(errno.EBADF))

    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=Refusing()))
    with pytest.raises(UnreadableImage, match="stdin, the list of inputs: cannot be read: Bad file"):
        ask(files_from="-")


def test_a_list_from_a_stdin_that_is_closed_is_told(monkeypatch):
    monkeypatch.setattr("sys.stdin", None)
    with pytest.raises(UnreadableImage, match="stdin, the list of inputs: is closed"):
        _listed("-", null=False)
