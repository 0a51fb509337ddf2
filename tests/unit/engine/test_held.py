import io

import pytest
import torch

from infdit_cli.engine import read_held, write_held
from infdit_cli.engine.held import HeldCanvas, HeldKV
from infdit_cli.geometry import BlockIndex, Rect
from infdit_cli.model import KV

CPU = torch.device("cpu")


def stream_of(held):
    class Joined(bytearray):
        write = bytearray.extend

    joined = Joined()
    write_held(joined, held)
    return bytes(joined)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16], ids=str)
def test_what_is_written_comes_back_bit_by_bit(dtype):
    bits = torch.arange(-1000, 1000, dtype=torch.int16)
    numbers = bits.view(torch.float16 if dtype == torch.float32 else dtype).to(dtype)  # with NaN and infinity
    held = [
        HeldKV(3, BlockIndex(1, 2), 0, 2, KV(numbers.view(1, 20, 100), numbers[:7])),
        HeldCanvas(Rect(0, 0, 2, 2), (numbers.view(20, 100).t(),)),
        HeldCanvas(Rect(0, 2, 2, 3), (torch.zeros(0), torch.tensor(5.0))),
    ]
    again = list(read_held(io.BytesIO(stream_of(held)), CPU))
    assert [(type(each), each[:-1]) for each in again] == [(type(each), each[:-1]) for each in held]
    for one, other in zip(held, again, strict=True):
        for before, after in zip(one[-1], other[-1], strict=True):
            assert after.dtype == before.dtype
            assert after.shape == before.shape
            assert after.contiguous().view(-1).view(torch.uint8).tolist() == (
                before.contiguous().view(-1).view(torch.uint8).tolist()
            )


def test_a_file_on_disk_is_a_line_and_bytes():
    held = [
        HeldKV(3, BlockIndex(1, 2), 0, 4, KV(torch.zeros(2, dtype=torch.float16), torch.zeros(1, 1))),
        HeldCanvas(Rect(0, 2, 5, 3), (torch.zeros(1),)),
    ]
    assert stream_of(held) == (
        b'{"kind": "kv", "key": [3, 1, 2, 0, 4], "tensors": [["float16", 2], ["float32", 1, 1]]}\n'
        + bytes(8)
        + b'{"kind": "canvas", "key": [0, 2, 5, 3], "tensors": [["float32", 1]]}\n'
        + bytes(4)
    )


def test_nothing_is_nothing():
    assert stream_of([]) == b""
    assert list(read_held(io.BytesIO(b""), CPU)) == []


def test_pieces_are_taken_one_at_a_time():
    taken = []

    def held():
        for number in range(3):
            taken.append(number)
            yield HeldCanvas(Rect(0, number, 1, number + 1), (torch.zeros(2),))

    class Slow:
        def write(self, data):
            seen.append(len(taken))

    seen = []
    write_held(Slow(), held())
    assert seen == [1, 1, 2, 2, 3, 3]


def test_a_stream_that_ends_early_is_an_error():
    data = stream_of([HeldCanvas(Rect(0, 0, 1, 1), (torch.ones(9),))])
    with pytest.raises(EOFError):
        list(read_held(io.BytesIO(data[:-1]), CPU))
