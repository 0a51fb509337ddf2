"""What a process of a batch tells through its line, whatever comes in between."""

import signal

import pytest

from infdit_cli.api.worker import Ready, _Interrupt, _turns


class InterruptedLine:
    """A line on which a request to stop arrives in the middle of every message."""

    def __init__(self):
        self.whole = []

    def send(self, told):
        signal.raise_signal(signal.SIGTERM)
        self.whole.append(told)


@pytest.fixture
def interrupt():
    interrupt = _Interrupt()
    before = signal.signal(signal.SIGTERM, interrupt)
    yield interrupt
    signal.signal(signal.SIGTERM, before)


def test_asking_for_a_picture_is_not_broken_off_in_the_middle(interrupt):
    line = InterruptedLine()
    with pytest.raises(KeyboardInterrupt):
        next(_turns(line, interrupt))
    assert line.whole == [Ready()]
