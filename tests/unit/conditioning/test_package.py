"""open_clip that is not there is the installation's fault, told with what to install."""

import pytest

from infdit_cli.conditioning.package import open_clip_module
from infdit_cli.errors import MissingExtra


def test_a_package_that_is_missing_names_what_to_install():
    with pytest.raises(MissingExtra) as caught:
        open_clip_module("open_clip_that_nobody_wrote")
    assert caught.value.exit_code == 8
    assert caught.value.hint is not None
    assert "open_clip_torch" in caught.value.hint


def test_a_torchvision_of_another_torch_is_told_as_missing(tmp_path, monkeypatch):
    (tmp_path / "torn_vision.py").write_text("raise RuntimeError('operator does not exist')")
    monkeypatch.syspath_prepend(tmp_path)
    with pytest.raises(MissingExtra, match="operator does not exist"):
        open_clip_module("torn_vision")
