"""Work in another process: its answer, its events, its failures, and its end."""

import os
import signal

import psutil
import pytest

from infdit_cli.benchmarking.fresh_process import Crashed, in_fresh_process
from infdit_cli.errors import DoesNotFit, InfditError, OutOfMemory
from infdit_cli.events import Noted
from support import fresh_jobs


def run(work, argument=None, on_event=lambda _: None):
    return in_fresh_process(work, argument, on_event=on_event)


def test_the_answer_and_the_events_come_from_another_process():
    events = []
    total, process = run(fresh_jobs.add_up, (1, 2, 3), events.append)
    assert total == 6
    assert events == [Noted("1"), Noted("2"), Noted("3")]
    assert process != os.getpid()


def test_the_process_begins_without_what_this_one_has_loaded():
    import torch  # noqa: F401, PLC0415 - so that it could be inherited

    assert "torch" not in run(fresh_jobs.say_what_is_loaded)


def test_an_error_of_ours_arrives_with_its_hint():
    with pytest.raises(DoesNotFit, match="too large") as caught:
        run(fresh_jobs.refuse, "--memory 2GiB")
    assert caught.value.hint == "--memory 2GiB"


def test_running_out_of_memory_is_told_as_such():
    with pytest.raises(OutOfMemory, match="cannot allocate"):
        run(fresh_jobs.run_out_of_memory)


def test_a_bug_arrives_with_its_traceback():
    with pytest.raises(Crashed, match="ZeroDivisionError: division by zero") as caught:
        run(fresh_jobs.divide_by_zero, 1)
    assert "return number / 0" in str(caught.value.__cause__)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_a_process_that_is_killed_has_run_out_of_memory():
    with pytest.raises(OutOfMemory, match="SIGKILL"):
        run(fresh_jobs.be_killed, signal.SIGKILL)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_another_signal_is_named():
    with pytest.raises(InfditError, match="SIGTERM"):
        run(fresh_jobs.be_killed, signal.SIGTERM)


def test_a_process_that_leaves_without_a_word_is_told():
    with pytest.raises(InfditError, match="ended with code 7"):
        run(fresh_jobs.leave, 7)


@pytest.mark.skipif(os.name != "posix", reason="signals are POSIX")
def test_ctrl_c_is_left_to_the_process_that_waits():
    assert run(fresh_jobs.interrupt_oneself) == "still here"


def test_the_process_ends_when_the_one_that_waits_is_interrupted():
    told = []

    def interrupt(event):
        told.append(event)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(fresh_jobs.never_end, on_event=interrupt)
    assert not psutil.pid_exists(int(told[0].text))
