"""The installed command as a process: what needs no model."""

import json
import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from infdit_cli import __version__
from support.pictures import pillow, smooth

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"


def infdit(*argv, **options):
    command = [sys.executable, "-m", "infdit_cli", *argv]
    return subprocess.run(command, capture_output=True, check=False, timeout=120, **options)


def test_the_console_script_is_installed():
    script = Path(sys.executable).with_name("infdit.exe" if os.name == "nt" else "infdit")
    done = subprocess.run([script, "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == f"infdit {__version__}"


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a signal ends a process as it likes")
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_request_to_end_while_commands_are_loading_is_one_line(tmp_path, name, code):
    slow = f"import signal, time; signal.raise_signal(signal.{name}); time.sleep(60)"
    (tmp_path / "typer.py").write_text(slow, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    done = infdit("weights", "list", text=True, env={**os.environ, "PYTHONPATH": path})
    assert (done.returncode, done.stderr) == (code, f"infdit: stopped: {name}\n")


WHILE_TORCH_IS_LOOKED_UP = """
import signal, sys, weakref

class Finder:
    def find_spec(self, name, *_):
        if name == "torch":
            sys.meta_path.remove(self)
            {ask}

def in_a_callback(number):
    gone = Finder()
    watch = weakref.ref(gone, lambda _: [signal.raise_signal(number), sum(range(9))])
    del gone

def in_an_exec(number):
    exec("signal.raise_signal(number)")

sys.meta_path.insert(0, Finder())
"""


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a signal ends a process as it likes")
@pytest.mark.parametrize("where", ["in_a_callback", "in_an_exec"])
@pytest.mark.parametrize(("name", "code"), [("SIGINT", 130), ("SIGTERM", 143)])
def test_a_request_to_end_while_torch_is_loading_is_one_line(tmp_path, where, name, code):
    (tmp_path / "start").mkdir()
    custom = WHILE_TORCH_IS_LOOKED_UP.format(ask=f"{where}(signal.{name})")
    (tmp_path / "start" / "sitecustomize.py").write_text(custom, encoding="utf-8")
    path = os.pathsep.join([str(tmp_path / "start"), os.environ.get("PYTHONPATH", "")])
    pillow(smooth()).save(tmp_path / "in.png")
    env = {**os.environ, "PYTHONPATH": path}
    done = infdit("upscale", "in.png", "-o", "out.png", cwd=tmp_path, text=True, env=env)
    assert (done.returncode, done.stderr) == (code, f"infdit: stopped: {name}\n")
    assert not (tmp_path / "out.png").exists()


@pytest.mark.skipif(os.name != "posix", reason="elsewhere a signal ends a process as it likes")
def test_a_process_told_to_ignore_ctrl_c_does_so_while_commands_are_loading(tmp_path):
    (tmp_path / "typer.py").write_text("import signal; signal.raise_signal(signal.SIGINT); print('on')")
    path = os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])
    ignoring = "import signal; signal.signal(signal.SIGINT, signal.SIG_IGN); import infdit_cli.__main__"
    command = [sys.executable, "-c", f"{ignoring} as start; start.main()"]
    env = {**os.environ, "PYTHONPATH": path}
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120, env=env)
    assert done.stdout == "on\n"


def test_both_ways_in_begin_in_a_module_that_imports_next_to_nothing():
    project = tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))
    assert project["project"]["scripts"] == {"infdit": "infdit_cli.__main__:main"}
    probe = "import sys, infdit_cli.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", probe], capture_output=True, text=True, check=True)
    assert set(done.stdout.split()) & {"typer", "importlib.metadata", "infdit_cli.app"} == set()


def test_help_lists_the_commands():
    done = infdit("--help", text=True)
    assert done.returncode == 0
    assert done.stderr == ""
    assert [word for word in ("upscale", "train", "eval", "weights") if word not in done.stdout] == []


def test_a_wrong_option_is_a_usage_error():
    done = infdit("upscale", "--nope", text=True)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("infdit: error: No such option: --nope")


def test_a_missing_file_is_one_line_and_code_3(tmp_path):
    done = infdit("upscale", "missing.png", "--json", cwd=tmp_path, text=True)
    assert done.returncode == 3
    assert json.loads(done.stdout)["error"]["type"] == "UnreadableImage"
    assert done.stderr.startswith("infdit: error: ")
    assert "missing.png" in done.stderr
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_a_missing_file_whose_name_is_no_text(tmp_path):
    done = infdit("upscale", b"\xff[x].png", cwd=tmp_path)
    assert done.returncode == 3
    assert b"\\udcff[x].png" in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="closing the reader of a pipe is POSIX")
def test_a_reader_that_leaves_is_no_traceback():
    command = [sys.executable, "-m", "infdit_cli", "upscale", "--help"]
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(command, stdout=writer, stderr=subprocess.PIPE, check=False, timeout=120)
    os.close(writer)
    assert done.returncode == 1
    assert done.stderr == b""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is a disk without a free byte")
@pytest.mark.parametrize("argv", [["--version"], ["upscale", "--help", "--json"]], ids=" ".join)
def test_a_full_disk_behind_stdout_is_an_error(argv):
    with Path("/dev/full").open("wb") as full:
        command = [sys.executable, "-m", "infdit_cli", *argv]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, check=False, timeout=120)
    assert done.returncode == 4
    assert done.stderr.startswith(b"infdit: error: the disk is full: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(os.name != "posix", reason="which way a descriptor is open is a matter of POSIX")
@pytest.mark.parametrize("argv", [["--version"], ["upscale", "--help"], ["weights", "list"]], ids=" ".join)
def test_a_stdout_that_is_open_for_reading_only_is_an_error(argv):
    with Path(os.devnull).open("rb") as stdout:
        command = [sys.executable, "-m", "infdit_cli", *argv]
        done = subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, check=False, timeout=120)
    assert (done.returncode, done.stderr) == (4, b"infdit: error: stdout: Bad file descriptor\n")


@pytest.mark.skipif(os.name != "posix", reason="closing a stream is a matter of the shell")
def test_a_closed_stderr_hides_the_message_and_not_the_code():
    command = 'exec "$0" -m infdit_cli nope 2>&-'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable], capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 2
