"""A request to stop whose exception Python drops is made once more, and other dropped exceptions are told."""

import signal
import sys
import time

import pytest

from infdit_cli.machine.dropped import dropped_requests_return


class Asked(BaseException):
    """What SIGTERM becomes here."""


class Dropping:
    """Has what is raised while it goes dropped."""

    def __init__(self, ask):
        self.ask = ask

    def __del__(self):
        self.ask()


@pytest.fixture
def handled():
    """Handle SIGTERM once, by an exception."""

    def handle(*_):
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise Asked

    before = signal.signal(signal.SIGTERM, handle)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.fixture
def told(monkeypatch):
    """Collect what else was dropped."""
    told = []
    monkeypatch.setattr(sys, "unraisablehook", lambda dropped: told.append(dropped.exc_type))
    return told


def number_of(err):
    return signal.SIGTERM if isinstance(err, Asked) else None


@pytest.mark.usefixtures("handled")
def test_a_dropped_request_is_made_once_more(told):
    def ask():
        signal.raise_signal(signal.SIGTERM)

    def work():
        Dropping(ask)
        time.sleep(5)

    with pytest.raises(Asked), dropped_requests_return(number_of):
        work()
    assert told == []


def test_another_dropped_exception_is_told_as_before(told):
    def fail():
        raise LookupError

    with dropped_requests_return(number_of):
        Dropping(fail)
    assert told == [LookupError]


@pytest.mark.usefixtures("handled")
def test_after_the_block_nothing_comes(told):
    def ask():
        signal.raise_signal(signal.SIGTERM)

    before = sys.unraisablehook
    with dropped_requests_return(number_of):
        Dropping(ask)
    time.sleep(0.2)
    assert sys.unraisablehook is before
    assert told == []
