"""Under any limit on memory the command works or says what is missing; it never dies of it."""

import json
import subprocess
import sys

import pytest
from PIL import Image

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces these limits")

UNDER_LIMIT = 'ulimit "$1" "$2" && shift 2 && exec "$@"'


def infdit(flag, kib, *argv):
    """Run a command line under ``ulimit``."""
    command = ["bash", "-c", UNDER_LIMIT, "bash", flag, str(kib), sys.executable, "-m", "infdit_cli"]
    return subprocess.run(
        [*command, *map(str, argv)], capture_output=True, text=True, check=False, timeout=120
    )


@pytest.fixture
def picture(tmp_path):
    Image.effect_noise((4000, 64), 50).save(tmp_path / "in.png")
    return tmp_path / "in.png"


@pytest.mark.parametrize(
    ("flag", "kib"), [("-v", 100_000), ("-v", 600_000), ("-v", 725_000), ("-d", 50_000), ("-d", 320_000)]
)
def test_a_limit_that_torch_would_die_of_is_refused_at_once(picture, flag, kib):
    done = infdit(flag, kib, "upscale", picture)
    assert done.returncode == 6, done.stderr
    error, hint = done.stderr.splitlines()
    assert error.startswith(f"infdit: error: ulimit {flag} is {kib:,} KiB; ")
    assert hint.startswith(f"hint: allow more, as in ulimit {flag} ")
    assert list(picture.parent.iterdir()) == [picture]


@pytest.mark.parametrize(("flag", "kib"), [("-v", 900_000), ("-d", 420_000)])
def test_a_limit_that_the_picture_does_not_fit_in_is_told(picture, flag, kib):
    done = infdit(flag, kib, "upscale", picture, "--json")
    assert done.returncode == 6, done.stderr
    assert json.loads(done.stdout)["error"]["type"] in {"DoesNotFit", "OutOfMemory"}
    assert len(done.stderr.splitlines()) == 2
    assert f"ulimit {flag}" in done.stderr
    assert list(picture.parent.iterdir()) == [picture]


def test_what_computes_nothing_needs_no_room_for_torch():
    done = infdit("-v", 300_000, "weights", "list")
    assert (done.returncode, done.stderr) == (0, "")


def test_doctor_tells_under_a_limit_that_torch_does_not_fit():
    done = infdit("-v", 300_000, "doctor", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    result = json.loads(done.stdout)["result"]
    assert result["torch"] is None
    assert result["memory"]["source"] == "ulimit"
    [failed] = [each for each in result["failed"] if each["name"] == "torch"]
    assert "ulimit -v is 300,000 KiB" in failed["message"]
