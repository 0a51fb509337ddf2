"""Read ``.pt`` files made to take all time or memory, in a process that has little of both.

Usage: ``python hostile_weights.py FOLDER``; prints JSON: what became of each, and the seconds it took.
"""

from __future__ import annotations

import io
import json
import pickle
import resource
import sys
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

import torch

from infdit_cli.errors import WeightsError
from infdit_cli.weights.original import read_original

ROOM_BYTES = 400 << 20
STORAGE_BYTES = 16 << 20
NUM_REFERENCES = 100
HEAD = b"\x80\x04"


def length(num_bytes: int, *, width: int) -> bytes:
    return num_bytes.to_bytes(width, "little")


def text(content: str) -> bytes:
    return b"X" + length(len(content), width=4) + content.encode()


def doubled_tuple() -> bytes:
    """Return the program of a tuple that would have 2**60 parts if nothing in it were shared."""
    return b")\x94" + b"".join(b"0h" + bytes([n]) + b"h" + bytes([n]) + b"\x86\x94" for n in range(60))


class References(pickle.Pickler):
    """Pickles storages as torch does."""

    def persistent_id(self, each: object) -> object:
        numel = STORAGE_BYTES // 4
        return ("storage", torch.FloatStorage, "0", "cpu", numel) if each is STORAGE else None


STORAGE = object()


class Whole:
    """A tensor that is its whole storage."""

    def __reduce__(self) -> object:
        rebuild = torch._utils._rebuild_tensor_v2
        return rebuild, (STORAGE, 0, (STORAGE_BYTES // 4,), (1,), False, {})


def references() -> bytes:
    buffer = io.BytesIO()
    References(buffer, protocol=2).dump(
        {"module": {str(number): Whole() for number in range(NUM_REFERENCES)}}
    )
    return buffer.getvalue()


def tensor_of(size: bytes) -> bytes:
    """Return a program that rebuilds a tensor of the memorized storage, whose size is what ``size`` makes."""
    pid = b"(" + text("storage") + b"ctorch\nFloatStorage\n" + text("0") + text("cpu") + b"K\x04tQ"
    return HEAD + b"ctorch._utils\n_rebuild_tensor_v2\n(" + pid + b"K\0" + size + size + b"\x89}tR."


def programs() -> Iterator[tuple[str, bytes]]:
    """Yield a name and the pickle of each attack."""
    deep = 200_000
    many = 80_000
    yield "doubled tuple as a key", HEAD + b"}" + doubled_tuple() + b"Ns."
    yield "doubled tuple in a set", HEAD + b"\x8f(" + doubled_tuple() + b"\x90."
    yield (
        "doubled tuple as a storage",
        HEAD + b"(" + text("storage") + b"ctorch\nFloatStorage\n" + doubled_tuple() + b"NK\x04tQ.",
    )
    yield "doubled tuple as a state dict", HEAD + b"}" + text("module") + doubled_tuple() + b"s."
    yield "many references to a storage", references()
    yield "long text", HEAD + b"X" + length((1 << 32) - 1, width=4) + b"a."
    yield "longer text", HEAD + b"\x8d" + length(1 << 62, width=8) + b"a."
    yield "long bytes", HEAD + b"B" + length((1 << 32) - 1, width=4) + b"a."
    yield "longer bytes", HEAD + b"\x8e" + length(1 << 62, width=8) + b"a."
    yield "long bytearray", HEAD + b"\x96" + length(1 << 62, width=8) + b"a."
    yield "long number", HEAD + b"\x8b" + length((1 << 31) - 1, width=4) + b"a."
    yield "long frame", HEAD + b"\x95" + length(1 << 62, width=8) + b"N."
    yield "remembered far away", HEAD + b"}r" + length((1 << 32) - 16, width=4) + b"."
    yield "remembered farther away", HEAD + b"}p99999999999\n."
    yield "marks in marks", HEAD + b"(" * deep + b"."
    yield "lists in lists", HEAD + b"]" * deep + b"a" * (deep // 4) + b"."
    yield "tuples in tuples", HEAD + b")" + b"\x85" * deep + b"."
    yield "dicts in dicts", HEAD + b"}" + b"(K\x01" * 60_000 + b"}" + b"d" * 60_000 + b"."
    yield "deep key", HEAD + b"})" + b"\x85" * deep + b"Ns."
    yield "sets", HEAD + b"\x8f" * deep + b"."
    yield "foreign classes", HEAD + b"".join(b"ca\n%d\n" % n for n in range(deep)) + b"."
    yield "long names joined", HEAD + text("a" * (2 << 20)) + b"\x940" + b"h\0h\0\x93" * many + b"."
    yield "a long dict again and again", again(many)
    yield "numbers of one hash", HEAD + b"}(" + b"".join(alike(n) for n in range(many)) + b"u."
    yield (
        "a number of a million bytes as a key",
        HEAD + b"\x8b" + length(1 << 20, width=4) + b"a" * (1 << 20) + b"\x940}(" + b"h\0N" * many + b"u.",
    )
    yield "a tensor of many axes", tensor_of(b"(" + (b"\x8a\x08" + length(1 << 61, width=8)) * many + b"t")
    yield (
        "a tensor of few axes, each long",
        tensor_of(b"(" + (b"\x8a\x08" + length(1 << 61, width=8)) * 60 + b"t"),
    )


def again(times: int) -> bytes:
    """Make one list of pairs, and a dict of it many times."""
    pairs = b"](" + b"K\x01K\x02\x86" * 10_000 + b"e"
    return HEAD + pairs + b"\x85\x940ccollections\nOrderedDict\n\x940(" + b"h\1h\0R" * (times // 2) + b"t."


def alike(number: int) -> bytes:
    """Return a pickled number and ``None``; Python's hash of all such numbers is 0."""
    value = (number + 1) * ((1 << 61) - 1)
    return b"\x8a\x0b" + length(value, width=11) + b"N"


def outcome(path: Path) -> str:
    try:
        read_original(path)
    except WeightsError as err:
        return "refused" if len(err.message) < 10_000 else "refused at length"
    return "read"


def main(folder: Path) -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    resource.setrlimit(resource.RLIMIT_AS, (pages * resource.getpagesize() + ROOM_BYTES,) * 2)
    report = {}
    for name, program in programs():
        path = folder / "hostile.pt"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("x/data.pkl", program)
            archive.writestr("x/data/0", bytes(STORAGE_BYTES))
        start = time.perf_counter()
        report[name] = (outcome(path), time.perf_counter() - start)
    sys.stdout.write(json.dumps(report))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
