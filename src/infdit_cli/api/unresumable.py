"""Jobs that cannot be resumed: their output has a temporary name that no other run will have."""

from __future__ import annotations

from infdit_cli.events import Kept, OnEvent


def without_resume_promise(on_event: OnEvent) -> OnEvent:
    """Drop ``Kept``, which says that the same command goes on: it would look under another temporary name."""
    return lambda event: None if isinstance(event, Kept) else on_event(event)
