"""Runs a pickle's program without Python's unpickler: values and containers, and a few named functions.

A pickle is a program for a machine with a stack. This one knows the instructions that make plain data. What
the program names beyond the functions that it is given becomes an inert placeholder, and so does every set:
nobody reads them. A program's length bounds the time and the memory that it takes.
"""

from __future__ import annotations

import pickle
import pickletools
from collections.abc import Callable, Mapping
from typing import Any

# The full model's checkpoint takes about 15,000; some instructions of one byte make an object of 500.
_MOST_INSTRUCTIONS = 1 << 18
_MOST_ARGUMENTS = 16  # of a call: the same long list could be given again and again
_LONGEST_NAME = 1_000  # of a function: the same long texts could be joined again and again
_MOST_KEY = 1 << 62  # of whole numbers as keys: longer ones can be made to share a hash, and are hashed anew

_VALUES = frozenset({
    *("INT", "BININT", "BININT1", "BININT2", "LONG", "LONG1", "LONG4", "FLOAT", "BINFLOAT"),
    *("UNICODE", "SHORT_BINUNICODE", "BINUNICODE", "BINUNICODE8", "STRING", "SHORT_BINSTRING", "BINSTRING"),
    *("SHORT_BINBYTES", "BINBYTES", "BINBYTES8", "BYTEARRAY8"),
})  # fmt: skip
_CONSTANTS = {"NONE": None, "NEWTRUE": True, "NEWFALSE": False, "EMPTY_TUPLE": ()}
_SHORT_TUPLES = {"TUPLE1": 1, "TUPLE2": 2, "TUPLE3": 3}
_IDLE = frozenset({"PROTO", "FRAME", "STOP"})


class Inert:
    """Stands for a function, or an object, that was not rebuilt.

    Args:
        origin: What the pickle named, ``module.name``.
    """

    __slots__ = ("origin",)

    def __init__(self, origin: str) -> None:
        self.origin = origin


def run(program: bytes, known: Mapping[str, Any], load: Callable[[Any], Any]) -> Any:
    """Return what ``program`` makes.

    Args:
        program: The pickle.
        known: What the program may name, ``module.name``; those that are functions it may call.
        load: Called with each persistent id, returns the object behind it.

    Raises:
        pickle.UnpicklingError: If it is no such program, or asks for more than a checkpoint can need.
        LookupError, TypeError, ValueError: If it is damaged.
    """
    machine = _Machine(known, load)
    for number, (opcode, argument, _) in enumerate(pickletools.genops(program)):
        if number == _MOST_INSTRUCTIONS:
            raise pickle.UnpicklingError(f"it has more than {_MOST_INSTRUCTIONS:,} instructions")
        machine.do(opcode.name, argument)
    return machine.pop()


class _Machine:
    """The stack, the stacks below its marks, and the remembered objects."""

    def __init__(self, known: Mapping[str, Any], load: Callable[[Any], Any]) -> None:
        self._known = known
        self._load = load
        self._stack: list[Any] = []
        self._below: list[list[Any]] = []
        self._memo: dict[int, Any] = {}

    def do(self, name: str, argument: Any) -> None:
        """Carry out one instruction."""
        if name in _VALUES:
            self._stack.append(argument)
        elif name in _CONSTANTS:
            self._stack.append(_CONSTANTS[name])
        elif name in _SHORT_TUPLES:
            self._stack.append(tuple(reversed([self.pop() for _ in range(_SHORT_TUPLES[name])])))
        elif name in _ACTIONS:
            _ACTIONS[name](self, argument)
        elif name not in _IDLE:
            raise pickle.UnpicklingError(f"it has an instruction {name}, which no checkpoint needs")

    def pop(self) -> Any:
        """Take the topmost object."""
        return self._stack.pop()

    def mark(self, _argument: None) -> None:
        self._below.append(self._stack)
        self._stack = []

    def pop_mark(self) -> list[Any]:
        """Take all above the last mark, and the mark."""
        above = self._stack
        self._stack = self._below.pop()
        return above

    def drop_mark(self, _argument: None) -> None:
        self.pop_mark()

    def drop(self, _argument: None) -> None:
        if self._stack:
            self.pop()
        else:
            self.pop_mark()

    def duplicate(self, _argument: None) -> None:
        self._stack.append(self._stack[-1])

    def remember(self, number: Any) -> None:
        self._memo[len(self._memo) if number is None else number] = self._stack[-1]

    def recall(self, number: Any) -> None:
        self._stack.append(self._memo[number])

    def put(self, made: Any) -> None:
        self._stack.append(made)

    def put_items(self, items: list[Any]) -> None:
        """Add to the list on top."""
        if isinstance(self._stack[-1], list):
            self._stack[-1].extend(items)
        else:
            self._demand_inert()

    def put_pair(self, _argument: None) -> None:
        value, key = self.pop(), self.pop()
        self.put_pairs([key, value])

    def put_pairs(self, flat: list[Any]) -> None:
        """Add keys and values, which take turns, to the dict on top."""
        if isinstance(self._stack[-1], dict):
            self._stack[-1].update(_pairs(flat))
        else:
            self._demand_inert()

    def make_frozen_set(self, _argument: None) -> None:
        self.pop_mark()
        self.put(Inert("builtins.frozenset"))

    def set_state(self, _argument: None) -> None:
        """Give an object its attributes: none of ours has any that matters."""
        self.pop()

    def name(self, origin: str) -> None:
        """Put what the program names."""
        if len(origin) > _LONGEST_NAME:
            raise pickle.UnpicklingError(f"it names a function in {len(origin):,} characters")
        self._stack.append(self._known.get(origin) or Inert(origin))

    def name_from_stack(self, _argument: None) -> None:
        name, module = self.pop(), self.pop()
        if not (isinstance(name, str) and isinstance(module, str)) or len(name) + len(module) > _LONGEST_NAME:
            raise pickle.UnpicklingError("it names a function by something that is no name")
        self.name(f"{module}.{name}")

    def call(self, _argument: None) -> None:
        arguments, function = self.pop(), self.pop()
        self._call(function, arguments)

    def call_with_keywords(self, _argument: None) -> None:
        keywords, arguments, function = self.pop(), self.pop(), self.pop()
        if keywords and not isinstance(function, Inert):
            raise pickle.UnpicklingError("it calls a function with keywords, which no checkpoint does")
        self._call(function, arguments)

    def make_old_instance(self, origin: str | None) -> None:
        """Call what is named, or lies lowest above the mark, with the rest above the mark."""
        above = self.pop_mark()
        if origin:
            self.name(".".join(origin.split(" ", 1)))
            above = [self.pop(), *above]
        self._call(above[0], above[1:])

    def load(self, pid: Any) -> None:
        self._stack.append(self._load(self.pop() if pid is None else pid))

    def _call(self, function: Any, arguments: Any) -> None:
        if isinstance(function, Inert):
            self._stack.append(Inert(function.origin))
        elif len(arguments) > _MOST_ARGUMENTS:
            raise pickle.UnpicklingError(f"it calls a function with {len(arguments):,} arguments")
        else:
            self._stack.append(function(*arguments))

    def _demand_inert(self) -> None:
        """Refuse to put something into what holds nothing; a placeholder takes all and keeps none."""
        if not isinstance(self._stack[-1], Inert):
            raise pickle.UnpicklingError(f"it puts items into a {type(self._stack[-1]).__name__}")


def _pairs(flat: list[Any]) -> dict[Any, Any]:
    return {_key(key): value for key, value in zip(flat[::2], flat[1::2], strict=True)}


def _key(key: Any) -> Any:
    """Return a text or a number, which is found quickly, or a placeholder.

    Tuples in tuples, each holding the one before it twice, take for ever to look up.
    """
    quick = isinstance(key, str | Inert) or (isinstance(key, int) and -_MOST_KEY < key < _MOST_KEY)
    return key if quick else Inert(f"builtins.{type(key).__name__}")


_ACTIONS: dict[str, Callable[[_Machine, Any], None]] = {
    "MARK": _Machine.mark,
    "POP": _Machine.drop,
    "POP_MARK": _Machine.drop_mark,
    "DUP": _Machine.duplicate,
    "MEMOIZE": _Machine.remember,
    **dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), _Machine.remember),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _Machine.recall),
    "EMPTY_LIST": lambda machine, _: machine.put([]),
    "LIST": lambda machine, _: machine.put(machine.pop_mark()),
    "APPEND": lambda machine, _: machine.put_items([machine.pop()]),
    "APPENDS": lambda machine, _: machine.put_items(machine.pop_mark()),
    "TUPLE": lambda machine, _: machine.put(tuple(machine.pop_mark())),
    "EMPTY_DICT": lambda machine, _: machine.put({}),
    "DICT": lambda machine, _: machine.put(_pairs(machine.pop_mark())),
    "SETITEM": _Machine.put_pair,
    "SETITEMS": lambda machine, _: machine.put_pairs(machine.pop_mark()),
    "EMPTY_SET": lambda machine, _: machine.put(Inert("builtins.set")),
    "ADDITEMS": lambda machine, _: machine.put_items(machine.pop_mark()),
    "FROZENSET": _Machine.make_frozen_set,
    "GLOBAL": lambda machine, names: machine.name(".".join(names.split(" ", 1))),
    "STACK_GLOBAL": _Machine.name_from_stack,
    "REDUCE": _Machine.call,
    "NEWOBJ": _Machine.call,
    "NEWOBJ_EX": _Machine.call_with_keywords,
    "BUILD": _Machine.set_state,
    "INST": _Machine.make_old_instance,
    "OBJ": _Machine.make_old_instance,
    "PERSID": _Machine.load,
    "BINPERSID": _Machine.load,
}
