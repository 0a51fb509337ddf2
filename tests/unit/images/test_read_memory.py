"""What reading costs; the plan of a run counts on it (docs/formats.md)."""

import os
import subprocess
import sys

import numpy as np
import pytest

from infdit_cli.errors import UnsupportedImage
from infdit_cli.images import read_image
from support.pictures import pillow, save_deep, smooth

SIDE = 2000
# Measured in a fresh process: in this one the memory of earlier pictures would be used again.
SCRIPT = """
import sys
from pathlib import Path
from infdit_cli.images import read_image

def status(name):
    [line] = [each for each in Path("/proc/self/status").read_text().splitlines() if each.startswith(name)]
    return int(line.split()[1]) * 1024

read_image(Path(sys.argv[1]))
Path("/proc/self/clear_refs").write_text("5")
before = status("VmRSS")
picture = read_image(Path(sys.argv[2]))
print((status("VmHWM") - before) / picture.size.area, (status("VmRSS") - before) / picture.size.area)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(
    ("channels", "dtype", "while_reading", "held"),
    [(1, np.uint8, 3, 1), (3, np.uint8, 9, 3), (4, np.uint8, 11, 4), (4, np.uint16, 15, 8)],
)
def test_only_the_integers_of_the_file_stay_in_memory(tmp_path, channels, dtype, while_reading, held):
    for name, side in (("small.png", 8), ("large.png", SIDE)):
        pixels = smooth(side, side, channels=channels, dtype=dtype)
        pixels[: side // 4, :, -1] = 0  # hidden where there is alpha, and filled with colour
        if dtype == np.uint8:
            pillow(pixels).save(tmp_path / name, compress_level=1)
        else:
            save_deep(tmp_path / name, pixels)
    command = [sys.executable, "-c", SCRIPT, tmp_path / "small.png", tmp_path / "large.png"]
    # glibc would keep freed memory of up to 32 MiB at hand, which says nothing of large pictures.
    environment = os.environ | {"MALLOC_MMAP_THRESHOLD_": "65536"}
    done = subprocess.run(command, check=True, capture_output=True, text=True, env=environment)
    peak_bytes, rest_bytes = map(float, done.stdout.split())
    assert rest_bytes < held + 1, "bytes a pixel"
    assert peak_bytes < while_reading + 1, "bytes a pixel"


def test_a_picture_that_memory_runs_out_for_is_not_called_damaged_or_too_large(tmp_path, monkeypatch):
    pillow(smooth(8, 8)).save(tmp_path / "in.png")

    def run_out(*_):
        raise MemoryError

    monkeypatch.setattr("infdit_cli.images.read._decoded", run_out)
    with pytest.raises(UnsupportedImage, match="there is too little memory left to read it"):
        read_image(tmp_path / "in.png")
