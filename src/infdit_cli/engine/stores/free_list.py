"""Room that was used and may be used again."""

from __future__ import annotations

from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

# Room may be taken for less than it holds, as Heun's canvas needs it: two signals and one in turn.
LARGEST_OVER_NEEDED = 2


class Room(NamedTuple, Generic[T]):
    """A piece of memory or of a file.

    Args:
        num_bytes: How much it holds.
        where: What finds it: a buffer, an offset.
    """

    num_bytes: int
    where: T


class FreeList(Generic[T]):
    """Rooms by size; a request gets the smallest that holds it without wasting more than half."""

    def __init__(self) -> None:
        self._rooms: dict[int, list[T]] = {}

    def take(self, num_bytes: int) -> Room[T] | None:
        """Return a room of at least ``num_bytes``, if there is one."""
        fitting = [size for size in self._rooms if num_bytes <= size <= LARGEST_OVER_NEEDED * num_bytes]
        if not fitting:
            return None
        size = min(fitting)
        where = self._rooms[size].pop()
        if not self._rooms[size]:
            del self._rooms[size]
        return Room(size, where)

    def give(self, room: Room[T]) -> None:
        """Take back a room that is not used any more."""
        self._rooms.setdefault(room.num_bytes, []).append(room.where)
