"""The random generator of one picture, from its name and a seed."""

from __future__ import annotations

import hashlib

import numpy as np


def picture_generator(name: str, seed: int) -> np.random.Generator:
    """Return a generator that depends on nothing but a name and a seed.

    Args:
        name: Of the picture.
        seed: Any integer, however large, negative or not.
    """
    digest = hashlib.sha256(f"{seed}/{name}".encode(errors="surrogateescape")).digest()
    return np.random.Generator(np.random.Philox(key=np.frombuffer(digest[:16], np.uint64)))
