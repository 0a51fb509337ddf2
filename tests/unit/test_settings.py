"""Folders come from the environment when asked for, never at import."""

from pathlib import Path

import pytest

from infdit_cli.errors import OptionError
from infdit_cli.settings import Settings, shown


def test_the_environment_names_the_folders(monkeypatch, tmp_path):
    monkeypatch.setenv("INFDIT_CONFIG_DIR", str(tmp_path / "a"))
    monkeypatch.setenv("INFDIT_CACHE_DIR", "~/b")
    settings = Settings.from_env()
    assert settings.config_dir == tmp_path / "a"
    assert settings.cache_dir == Path("~/b").expanduser()


def test_without_a_word_the_platforms_folders_are_used_and_not_made(monkeypatch, tmp_path):
    monkeypatch.setenv("INFDIT_CONFIG_DIR", "")
    monkeypatch.delenv("INFDIT_CACHE_DIR", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    settings = Settings.from_env()
    assert settings.cache_dir.name == settings.config_dir.name == "infdit"
    assert list(tmp_path.iterdir()) == []


def test_a_user_that_is_not_there_is_told(monkeypatch):
    monkeypatch.setenv("INFDIT_CACHE_DIR", "~nosuchuser/x")
    with pytest.raises(OptionError, match="INFDIT_CACHE_DIR is '~nosuchuser/x', and there is no such user"):
        Settings.from_env()


def test_the_home_folder_is_a_tilde(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/home/jo"))
    assert shown(Path("/home/jo/pictures")) == "~/pictures"
    assert shown("/home/jo/a:/opt:/home/jo/b") == "~/a:/opt:~/b"
    assert shown("/home/joanna/pictures") == "/home/joanna/pictures"
    assert shown("/mnt/home/jo/pictures") == "/mnt/home/jo/pictures"


def test_a_user_whose_home_is_the_root_has_no_tilde(monkeypatch):
    monkeypatch.setattr(Path, "home", lambda: Path("/"))
    assert shown("/a/b") == "/a/b"


def test_somebody_without_a_home_names_folders_or_is_told(monkeypatch, tmp_path):
    def nobody(*_):
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.setattr(Path, "home", nobody)
    monkeypatch.setattr("platformdirs.user_cache_path", nobody)
    monkeypatch.setattr("platformdirs.user_config_path", nobody)
    for name in ("INFDIT_CONFIG_DIR", "INFDIT_CACHE_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    assert Settings.from_env().cache_dir == tmp_path
    assert shown("/a/b") == "/a/b"
    monkeypatch.delenv("INFDIT_CACHE_DIR")
    with pytest.raises(OptionError, match="home folder is not known") as caught:
        Settings.from_env()
    assert "INFDIT_CACHE_DIR" in caught.value.hint
