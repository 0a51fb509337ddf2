"""Requests to stop wait for what must not be broken off."""

import signal
import threading

import pytest

from infdit_cli.machine.signals import signals_held


@pytest.fixture
def handled(monkeypatch):
    """Handle SIGTERM by noting what had been done by then."""
    done, seen = [], []
    before = signal.signal(signal.SIGTERM, lambda *_: seen.append(list(done)))
    yield done, seen
    signal.signal(signal.SIGTERM, before)


def test_a_signal_is_handled_when_the_outermost_block_is_done(handled):
    done, seen = handled
    with signals_held():
        with signals_held():
            signal.raise_signal(signal.SIGTERM)
        done.append("inner")
        assert seen == []
    assert seen == [["inner"]]


def test_a_second_one_is_handled_at_once(handled):
    done, seen = handled
    with signals_held():
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)
        done.append("end")
    assert seen[0] == []


def test_it_is_handled_although_the_block_fails(handled):
    _, seen = handled

    def fail():
        with signals_held():
            signal.raise_signal(signal.SIGTERM)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    assert seen == [[]]


def test_afterwards_signals_are_handled_at_once(handled):
    _, seen = handled
    with signals_held():
        pass
    signal.raise_signal(signal.SIGTERM)
    assert seen == [[]]


def test_in_another_thread_nothing_is_held(handled):
    _, seen = handled
    passed = []

    def work():
        with signals_held():
            passed.append(signal.getsignal(signal.SIGTERM))

    mine = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert passed == [mine]
    assert seen == []
