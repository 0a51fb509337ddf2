"""What is remembered of a machine's speed, and what is taken for nothing."""

import pytest

from infdit_cli.upscaling.calibration import _read


@pytest.mark.parametrize("text", ["", "{", "[]", "[" * 100_000], ids=lambda text: text[:9])
def test_a_damaged_file_is_nothing(tmp_path, text):
    path = tmp_path / "speed.json"
    path.write_text(text)
    assert _read(path) == {}


def test_a_missing_file_is_nothing(tmp_path):
    assert _read(tmp_path / "speed.json") == {}
