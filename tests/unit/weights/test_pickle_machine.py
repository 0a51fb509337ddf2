"""The machine for pickles makes what Python's unpickler makes, of plain data; all else is a placeholder."""

import argparse
import pickle
from collections import OrderedDict

import pytest

from infdit_cli.weights.pickle_machine import Inert, run

SHARED = ("a", 1)
PLAIN = {
    "texts": ["", "é\n", "x" * 300],
    "numbers": [0, -1, 255, 256, 1 << 16, -(1 << 31), 1 << 40, 1 << 200, 0.5, True, False, None],
    "bytes": [b"", b"\0\xff"],
    "tuples": [(), (1,), (1, 2), (1, 2, 3), (1, 2, 3, 4), SHARED, SHARED],
    "dicts": [{}, {"a": {}}, {1: "one"}],
}


def load_nothing(pid):
    raise AssertionError(pid)


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_plain_data_come_back_as_python_pickled_them(protocol):
    plain = {**PLAIN, "bytes": [] if protocol < 3 else PLAIN["bytes"]}  # older ones call a function for them
    assert run(pickle.dumps(plain, protocol), {}, load_nothing) == plain


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_objects_and_sets_beside_the_data_are_placeholders(protocol):
    odd = [argparse.Namespace(a={1, 2}), {3}, frozenset({4}), OrderedDict(a=1), complex(1, 2)]
    *made, plain = run(pickle.dumps([*odd, "plain"], protocol), {}, load_nothing)
    assert plain == "plain"
    assert all(isinstance(each, Inert) for each in made)
    assert made[3].origin == "collections.OrderedDict"


def test_a_known_function_is_called_with_its_arguments_and_filled(tmp_path):
    program = pickle.dumps([OrderedDict(a=1), tmp_path])
    ordered, path = run(program, {"collections.OrderedDict": dict}, load_nothing)
    assert ordered == {"a": 1}
    assert isinstance(path, Inert)


def test_a_list_that_holds_itself_comes_back():
    endless = []
    endless.append(endless)
    made = run(pickle.dumps(endless), {}, load_nothing)
    assert made[0] is made


@pytest.mark.parametrize("key", [(1, 2), 1 << 62, b"x", 0.5, None], ids=repr)
def test_a_key_that_is_neither_text_nor_a_small_number_is_a_placeholder(key):
    [made] = run(pickle.dumps({key: "value"}), {}, load_nothing)
    assert made.origin == f"builtins.{type(key).__name__}"


@pytest.mark.parametrize(
    ("program", "message"),
    [
        (b"\x80\x02" + b"N0" * (1 << 17) + b"N.", "more than 262,144 instructions"),
        (b"c" + b"a" * 2_000 + b"\nb\n.", "in 2,002 characters"),
        (b"X\x00\x08\x00\x00" + b"a" * 2_048 + b"q\x00h\x00\x93.", "no name"),
        (b"K\x01K\x02a.", "puts items into a int"),
        (b"cfunction\n\n(" + b"N" * 20 + b"tR.", "with 20 arguments"),
        (b"\x82\x01.", "instruction EXT1"),
    ],
    ids=["many instructions", "long name", "long joined name", "no list", "many arguments", "extension"],
)
def test_a_program_that_no_checkpoint_has_is_refused(program, message):
    with pytest.raises(pickle.UnpicklingError, match=message):
        run(program, {"function.": lambda *_: None}, load_nothing)
