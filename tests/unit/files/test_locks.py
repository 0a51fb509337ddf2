"""A lock that is there while it is held."""

from contextlib import nullcontext
from pathlib import Path

import pytest
from filelock import FileLock

from infdit_cli.errors import JobLocked, OutputError
from infdit_cli.files import held, take, unlock


def refusal():
    return JobLocked("mine")


def test_a_lock_is_refused_while_it_is_held_and_leaves_no_file(tmp_path):
    lock = tmp_path / "lock"
    with held(lock, refusal, output=tmp_path):
        with pytest.raises(JobLocked, match="mine"), held(lock, refusal, output=tmp_path):
            pass
        assert lock.exists()
    assert not lock.exists()
    with held(lock, refusal, output=tmp_path):
        pass


def test_a_block_that_fails_gives_its_lock_back(tmp_path):
    with pytest.raises(ZeroDivisionError), held(tmp_path / "lock", refusal, output=tmp_path):
        _ = 1 / 0
    assert not list(tmp_path.iterdir())


def test_a_lock_that_cannot_be_made_is_told_of_the_output(tmp_path):
    (tmp_path / "file").touch()
    held_lock = held(tmp_path / "file" / "lock", refusal, output=tmp_path / "picture.png")
    with pytest.raises(OutputError, match=r"picture\.png: "), held_lock:
        pass


@pytest.mark.parametrize("place", ["mkdir", "acquire"])
@pytest.mark.parametrize(("times", "is_taken"), [(3, True), (1000, False)])
def test_a_folder_that_its_last_holder_removes_just_then_is_made_again(
    tmp_path, monkeypatch, place, times, is_taken
):
    owner, error = {"mkdir": (Path, FileExistsError), "acquire": (FileLock, FileNotFoundError)}[place]
    real, left = getattr(owner, place), [error()] * times

    def losing(*args, **options):
        if left:
            raise left.pop()
        return real(*args, **options)

    monkeypatch.setattr(owner, place, losing)
    lock = FileLock(tmp_path / "job" / "lock")
    with nullcontext() if is_taken else pytest.raises(error):
        assert take(lock)
        unlock(lock)


def test_what_fails_in_the_block_is_not_the_locks(tmp_path):
    with pytest.raises(OSError, match="theirs"), held(tmp_path / "lock", refusal, output=tmp_path):
        raise OSError("theirs")
