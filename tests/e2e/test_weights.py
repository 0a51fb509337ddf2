"""``infdit weights`` as a process."""

import os
import subprocess
import sys

from PIL import Image

from support.entries import make_settings


def test_weights_that_were_not_pulled_are_two_lines_and_code_5(tmp_path):
    settings = make_settings(tmp_path)
    picture = tmp_path / "x.png"
    Image.new("RGB", (8, 8)).save(picture)
    folders = {"INFDIT_CONFIG_DIR": str(settings.config_dir), "INFDIT_CACHE_DIR": str(settings.cache_dir)}
    done = subprocess.run(
        [sys.executable, "-m", "infdit_cli", "upscale", str(picture), "--weights", "inf-dit"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env=os.environ | folders,
    )
    assert done.returncode == 5
    lines = done.stderr.splitlines()
    assert len(lines) == 2
    assert lines[0] == "infdit: error: the weights inf-dit are not on this machine"
    assert "infdit weights pull inf-dit" in lines[1]
    assert "infdit weights convert" in lines[1]
    assert [path.name for path in tmp_path.iterdir()] == ["x.png"]
