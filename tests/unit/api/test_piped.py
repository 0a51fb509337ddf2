"""Pictures on pipes: whole or nothing on the way out, bounded on the way in, named as the user knows them."""

import errno
import io
import os
from pathlib import Path

import pytest
from PIL import Image

from infdit_cli.api.piped import upscale_piped
from infdit_cli.config import UpscaleOptions
from infdit_cli.errors import DoesNotFit, OptionError, OutputNotWritable, UnreadableImage, UnsupportedImage
from infdit_cli.events import Encoding, Kept


def picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (6, 5), (200, 100, 50)).save(data, "PNG")
    return data.getvalue()


def go(spool: Path | None, source, destination, **options):
    wanted = UpscaleOptions(steps=0, device="cpu", spool=spool)
    return upscale_piped(source, destination, wanted, suffix=".png", on_event=lambda _: None, **options)


def test_a_picture_goes_through_and_leaves_nothing_behind(tmp_path):
    out = io.BytesIO()
    result = go(tmp_path, io.BytesIO(picture()), out)
    assert (result.source, result.destination) == (Path("-"), Path("-"))
    with Image.open(out) as image:
        assert image.size == (24, 20)
    assert list(tmp_path.iterdir()) == []


def test_a_file_at_one_end_is_told_by_its_name(tmp_path):
    (tmp_path / "in.png").write_bytes(picture())
    result = go(tmp_path, tmp_path / "in.png", io.BytesIO())
    assert (result.source, result.destination) == (tmp_path / "in.png", Path("-"))
    result = go(tmp_path, io.BytesIO(picture()), tmp_path / "out.png")
    assert (result.source, result.destination) == (Path("-"), tmp_path / "out.png")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.png", "out.png"]


class Failing(io.BytesIO):
    """A stream that the system refuses."""

    def __init__(self, number: int):
        super().__init__()
        self.number = number

    def read(self, *_):
        raise OSError(self.number, os.strerror(self.number))

    def write(self, _):
        self.read()


def test_a_stream_that_cannot_be_read_is_stdins_fault_and_not_the_folders(tmp_path):
    with pytest.raises(UnreadableImage, match=r"^stdin: cannot be read: Bad file descriptor$"):
        go(tmp_path, Failing(errno.EBADF), io.BytesIO())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "kind"),
    [(errno.EBADF, OutputNotWritable), (errno.EPIPE, BrokenPipeError), (errno.ENOSPC, OSError)],
)
def test_a_stream_that_takes_nothing_is_stdouts_fault_but_a_reader_may_leave(tmp_path, number, kind):
    with pytest.raises(kind) as error:
        go(tmp_path, io.BytesIO(picture()), Failing(number))
    assert type(error.value) is kind
    assert kind is not OutputNotWritable or error.value.message == "stdout: Bad file descriptor"


def test_a_stream_without_end_is_refused(tmp_path):
    data = io.BytesIO(bytes(5_000_000))
    with pytest.raises(UnsupportedImage, match="stdin: has more than 2 MB"):
        go(tmp_path, data, io.BytesIO(), max_bytes=2_000_000)
    assert data.tell() < 5_000_000
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", "stdin: is empty"), (b"text", "stdin: is not a picture"), (picture()[:45], "stdin: is")],
    ids=["empty", "text", "cut"],
)
def test_a_bad_picture_is_called_stdin_and_nothing_goes_out(tmp_path, data, says):
    out = io.BytesIO()
    with pytest.raises(UnreadableImage, match=f"^{says}"):
        go(tmp_path, io.BytesIO(data), out)
    assert out.getvalue() == b""
    assert list(tmp_path.iterdir()) == []


def test_what_does_not_fit_tells_programs_how_much_would_also_of_a_stream(tmp_path, monkeypatch):
    def refuse(source, *_, **__):
        raise DoesNotFit(f"{source}: too large", hint="take less", needed_bytes=7)

    monkeypatch.setattr("infdit_cli.api.piped.upscale", refuse)
    with pytest.raises(DoesNotFit) as caught:
        go(tmp_path, io.BytesIO(picture()), io.BytesIO())
    told = caught.value
    assert (told.message, told.hint, told.needed_bytes) == ("stdin: too large", "take less", 7)


def test_a_folder_for_the_stream_that_is_not_there_is_told_before_it_is_read(tmp_path):
    data = io.BytesIO(picture())
    with pytest.raises(OutputNotWritable, match="gone: no such folder"):
        go(tmp_path / "gone", data, io.BytesIO())
    assert data.tell() == 0


def test_a_system_without_a_folder_for_the_stream_is_told_before_it_is_read(tmp_path, monkeypatch):
    def find_none():
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr("tempfile.gettempdir", find_none)
    data = io.BytesIO(picture())
    with pytest.raises(OutputNotWritable, match="no folder for temporary files"):
        go(None, data, io.BytesIO())
    assert data.tell() == 0
    go(tmp_path, data, io.BytesIO())


def test_a_format_of_many_files_is_refused_before_the_stream_is_read(tmp_path):
    options, data = UpscaleOptions(steps=0, device="cpu", spool=tmp_path), io.BytesIO(picture())
    with pytest.raises(OptionError, match="Deep Zoom writes many files"):
        upscale_piped(data, io.BytesIO(), options, suffix=".dzi", on_event=lambda _: None)
    assert data.tell() == 0


def test_a_stream_that_is_broken_off_promises_nothing_and_leaves_nothing(tmp_path):
    told = []

    def stop_at_the_end(event):
        told.append(event)
        if isinstance(event, Encoding):
            raise KeyboardInterrupt

    options = UpscaleOptions(steps=0, device="cpu", spool=tmp_path)
    with pytest.raises(KeyboardInterrupt):
        upscale_piped(io.BytesIO(picture()), io.BytesIO(), options, suffix=".png", on_event=stop_at_the_end)
    assert Encoding in map(type, told)
    assert Kept not in map(type, told)
    assert list(tmp_path.iterdir()) == []
