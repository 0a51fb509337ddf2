"""The entry point: the console script ``infdit``, and ``python -m infdit_cli``.

It imports next to nothing: loading the command line takes a while, and Ctrl-C must not wait for it.
"""

import os
import signal
import sys
from types import FrameType


def main() -> None:
    """Run the command line of this process and exit with its code."""
    for number in (signal.SIGINT, signal.SIGTERM):
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, _end)
    from infdit_cli import app  # noqa: PLC0415 - what is slow to load comes after the handlers

    app.main()


def _end(number: int, _frame: FrameType | None) -> None:
    """End the process where it stands: outside of ``app.run`` there is nothing to clean up.

    No exception is raised, because those that are raised during an import do not always arrive.
    """
    try:
        os.write(sys.stderr.fileno(), f"infdit: stopped: {signal.Signals(number).name}\n".encode())
    finally:  # whether or not there is a stderr
        os._exit(128 + number)


if __name__ == "__main__":
    main()
