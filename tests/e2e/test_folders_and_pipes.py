"""Folders, lists and pipes, through the command as a process, as scripts use it."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from support.photos import smooth_noise

INFDIT = [sys.executable, "-m", "infdit_cli", "upscale"]
FAST = ["--steps", "0", "--device", "cpu"]

pytestmark = pytest.mark.skipif(os.name != "posix", reason="pipes and signals of POSIX")


def infdit(*arguments: object, **options) -> subprocess.CompletedProcess[bytes]:
    """Run ``infdit upscale`` in a process of its own, without steps."""
    command = [*INFDIT, *FAST, *(each if isinstance(each, bytes) else str(each) for each in arguments)]
    return subprocess.run(command, capture_output=True, check=False, timeout=250, **options)


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        image.load()
        return image.size


@pytest.fixture
def photos(tmp_path, monkeypatch) -> Path:
    """Eight good pictures, two of them deeper, and three that are none; the parent is the current folder."""
    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "photos"
    names = ["a.png", "b.jpg", "c d.webp", "e.tif", "ä.png", ".hidden.png", "2024/f.png", "2024/may/g.png"]
    for seed, name in enumerate(names):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        smooth_noise(9, 14, seed=seed).save(folder / name)
    (folder / "empty.png").touch()
    (folder / "text.jpg").write_text("no picture")
    (folder / "cut.png").write_bytes((folder / "a.png").read_bytes()[:-60])
    return Path("photos")


def test_a_folder_with_broken_pictures(photos):
    done = infdit(photos, "-o", "out")
    assert done.returncode == 1
    results = ["a_x4.png", "b_x4.png", "c d_x4.png", "e_x4.png", "ä_x4.png"]
    assert sorted(path.name for path in Path("out").iterdir()) == results
    assert {size_of(Path("out") / name) for name in results} == {(56, 36)}
    assert sorted(done.stdout.decode().splitlines()) == [f"out/{name}" for name in results]
    err = done.stderr.decode()
    assert err.count("infdit: error: ") == 4
    for line in (
        "infdit: error: photos/empty.png: is empty (0 bytes)\n",
        "infdit: error: photos/text.jpg: is not a picture of a known format\n",
        "infdit: error: photos/cut.png: is damaged or incomplete: ",
        "  done           5  ",
        "  failed         3\n",
        "infdit: error: 3 of 8 pictures failed\n",
    ):
        assert line in err
    assert "Traceback" not in err


def test_a_folder_again_does_what_is_missing_and_nothing_else(photos):
    infdit(photos, "-o", "photos/up", "--recursive", "--pattern", "[a-g].*")
    first = {path: path.stat().st_mtime_ns for path in Path("photos/up").rglob("*.png")}
    assert sorted(str(path.relative_to("photos/up")) for path in first) == [
        "2024/f_x4.png",
        "2024/may/g_x4.png",
        "a_x4.png",
        "b_x4.png",
        "e_x4.png",
    ]
    Path("photos/up/a_x4.png").unlink()
    again = infdit(photos, "-o", "photos/up", "--recursive", "--pattern", "[a-g].*", "--json")
    assert again.returncode == 0, again.stderr
    assert again.stdout.count(b"\n") == 6
    lines = [json.loads(line) for line in again.stdout.splitlines()]
    assert [line["ok"] for line in lines] == [True] * 6
    made = [line["result"]["destination"] for line in lines[:-1] if "skipped" not in line["result"]]
    assert made == ["photos/up/a_x4.png"]
    summary = lines[-1]["summary"]
    assert (summary["num_done"], summary["num_skipped"], summary["exit_code"]) == (1, 4, 0)
    later = {path: path.stat().st_mtime_ns for path in Path("photos/up").rglob("*.png")}
    assert [path.name for path in first if later[path] != first[path]] == ["a_x4.png"]


def test_every_failure_is_a_line_of_json(photos):
    done = infdit("photos/empty.png", "photos/a.png", "missing.png", "-o", "out", "--json", "-q")
    assert done.returncode == 1
    *pictures, last = [json.loads(line) for line in done.stdout.splitlines()]
    assert sorted((each["ok"], each.get("error", {}).get("exit_code")) for each in pictures) == [
        (False, 3),
        (False, 3),
        (True, None),
    ]
    assert {each["error"]["source"] for each in pictures if not each["ok"]} == {
        "photos/empty.png",
        "missing.png",
    }
    assert last["summary"]["num_failed"] == 2


def test_find_and_xargs(photos):
    find = "find photos -name '*.png' -size +0 ! -name '.*' ! -name 'cut*' ! -name a.png -print0"
    script = f'{find} | xargs -0 "$@" -o out/'
    done = subprocess.run(
        ["sh", "-c", script, "sh", *INFDIT, *FAST], capture_output=True, check=False, timeout=250
    )
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in Path("out").iterdir()) == ["f_x4.png", "g_x4.png", "ä_x4.png"]


def test_xargs_hears_of_a_failure(photos):
    script = "printf 'photos/a.png\\0photos/empty.png\\0' | xargs -0 \"$@\" -o out/"
    done = subprocess.run(
        ["sh", "-c", script, "sh", *INFDIT, *FAST], capture_output=True, check=False, timeout=250
    )
    assert done.returncode == 123
    assert Path("out/a_x4.png").exists()


def test_names_from_stdin_of_any_bytes(photos):
    odd = os.fsencode(photos) + b"/line\nbreak \xff.png"
    shutil.copy("photos/a.png", odd)
    done = infdit("--files-from", "-", "-0", "-o", "out", input=odd + b"\0photos/b.jpg\0")
    assert done.returncode == 0, done.stderr
    assert sorted(os.listdir(b"out")) == [b"b_x4.png", b"line\nbreak \xff_x4.png"]  # noqa: PTH208


def test_a_name_that_is_too_long_fails_alone(photos):
    long = photos / ("x" * 250 + ".png")
    shutil.copy("photos/a.png", long)
    done = infdit(long, "photos/a.png", "-o", "out")
    assert done.returncode == 1
    assert b"the name has 257 bytes, the folder takes 255" in done.stderr
    assert os.listdir("out") == ["a_x4.png"]  # noqa: PTH208


def test_shares_of_a_folder_are_done_once(photos):
    made = []
    for share in ("1/2", "2/2"):
        done = infdit(photos, "-r", "--pattern", "[abefg].*", "-o", "out", "--shard", share)
        assert done.returncode == 0, done.stderr
        assert b"skipped" not in done.stderr
        made.append(done.stdout.decode().splitlines())
    assert abs(len(made[0]) - len(made[1])) <= 1
    assert sorted(made[0] + made[1]) == sorted(str(path) for path in Path("out").rglob("*.png"))
    assert len(made[0] + made[1]) == 5


def test_two_results_of_one_name_are_refused_before_any_work(photos):
    shutil.copy("photos/a.png", "photos/A.webp")
    done = infdit(photos, "-o", "out")
    assert done.returncode == 4
    assert done.stderr.startswith(
        b"infdit: error: photos/A.webp and photos/a.png would both become out/A_x4.png"
    )
    assert not Path("out").exists()


def test_a_picture_goes_from_pipe_to_pipe(photos):
    data = Path("photos/a.png").read_bytes()
    piped = infdit("-", "-o", "-", input=data)
    assert (piped.returncode, piped.stderr) == (0, b"")
    assert infdit("photos/a.png").returncode == 0
    assert piped.stdout == Path("photos/a_x4.png").read_bytes()
    tiff = infdit("-", "-o", "-", "--format", "tif", input=data)
    assert tiff.stdout[:4] == b"II*\0"


@pytest.mark.parametrize(
    ("data", "says"),
    [(b"", b"stdin: is empty (0 bytes)"), (b"text", b"stdin: is not a picture of a known format")],
)
def test_a_bad_picture_on_stdin_is_an_input_error(photos, data, says):
    done = infdit("-", "-o", "-", "--spool", "photos/2024", input=data)
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.startswith(b"infdit: error: " + says)
    assert sorted(path.name for path in Path("photos/2024").iterdir()) == ["f.png", "may"]


def test_a_picture_from_stdin_into_a_folder(photos):
    done = infdit("-", "-o", "out/", "--json", input=Path("photos/a.png").read_bytes())
    assert done.returncode == 0, done.stderr
    result = json.loads(done.stdout)["result"]
    assert (result["source"], result["destination"]) == ("-", "out/stdin_x4.png")
    assert size_of(Path("out/stdin_x4.png")) == (56, 36)


@pytest.mark.parametrize("options", [["--json"], ["--dry-run"]])
def test_what_cannot_share_stdout_with_a_picture_is_refused(photos, options):
    done = infdit("photos/a.png", "-o", "-", *options)
    assert done.returncode == 2
    assert b"\x89PNG" not in done.stdout


def test_a_reader_of_the_picture_that_leaves_is_no_traceback(photos):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*INFDIT, *FAST, "photos/a.png", "-o", "-"],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
        timeout=250,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (1, b"")


def on_a_terminal(*arguments: str, stream: str) -> tuple[int, bytes]:
    """Run with a terminal in the place of stdin or stdout; return the exit code and what stderr had."""
    ours, theirs = pty.openpty()
    try:
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL} | {stream: theirs}
        done = subprocess.run(
            [*INFDIT, *arguments], **pipes, stderr=subprocess.PIPE, check=False, timeout=250
        )
    finally:
        os.close(theirs)
        os.close(ours)
    return done.returncode, done.stderr


def test_a_terminal_is_sent_no_picture(photos):
    code, err = on_a_terminal("photos/a.png", "-o", "-", stream="stdout")
    assert code == 4
    assert err.startswith(b"infdit: error: stdout is a terminal")


def test_a_terminal_is_asked_for_no_picture(photos):
    code, err = on_a_terminal("-", "-o", "b.png", stream="stdin")
    assert code == 2
    assert err.startswith(b"infdit: error: stdin is a terminal")


@pytest.mark.parametrize("devices", ["cpu", "cpu,cpu"])
@pytest.mark.parametrize(("stop", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_batch_that_is_stopped_keeps_what_is_finished(photos, stop, code, devices):
    many = Path("many")
    many.mkdir()
    for index in range(60):
        shutil.copy("photos/a.png", many / f"{index:02}.png")
    process = subprocess.Popen(
        [*INFDIT, "--steps", "0", "--device", devices, many, "-o", "out"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        bufsize=0,  # communicate reads past a buffer, where a second line may lie that came with the first
        process_group=0,
    )
    first = process.stdout.readline()
    os.killpg(process.pid, stop) if stop == signal.SIGINT else process.send_signal(stop)
    rest, err = (told.decode() for told in process.communicate(timeout=250))
    assert process.returncode == code
    finished = [first.decode().strip(), *rest.split()]
    assert sorted(map(str, Path("out").iterdir())) == sorted(finished)
    assert {size_of(Path(name)) for name in finished} == {(56, 36)}
    assert 1 <= len(finished) < 60
    *_, done, left, stopped = err.splitlines()
    assert done.split() == ["done", str(len(finished))]
    assert left.split() == ["left", str(60 - len(finished))]
    assert stopped == f"infdit: stopped: {stop.name}"


def test_several_devices_share_several_pictures_only(photos):
    done = infdit("photos/a.png", "--device", "cpu,cpu")
    assert done.returncode == 2
    assert "--device names 2 devices, but a single picture is computed on one" in done.stderr.decode()
    assert infdit("photos/a.png", "--device", "cpu,tpu").returncode == 2


def test_an_empty_folder_is_nothing_to_do(photos):
    Path("nothing").mkdir()
    done = infdit("nothing", "-o", "out")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"note: no pictures found\n")


def test_a_folder_of_other_kinds_says_how_they_are_taken(photos):
    Path("others").mkdir()
    for name in ("a.gif", "b.gif", "c.ppm", "notes.txt"):
        Path("others", name).touch()
    done = infdit("others", "-o", "out")
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode().splitlines() == [
        "note: left out: 4 files of other kinds (see --pattern)",
        "note: no pictures of the usual kinds found, but 3 of others: --pattern '*.gif' takes 2 of them",
    ]


def test_a_missing_last_name_that_may_be_the_result_says_how_results_are_named(photos):
    done = infdit("photos/a.png", "large.png")
    assert done.returncode == 1
    told = done.stderr.decode()
    assert "infdit: error: large.png: no such file\n" in told
    assert "    large.png: no such file\n    hint: to write the result there, use -o large.png\n" in told
    assert Path("photos/a_x4.png").exists()
