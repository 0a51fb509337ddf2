"""How many bytes of tensors are alive, counted by watching every operation; works on meta tensors, too."""

import weakref

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class LiveBytes(TorchDispatchMode):
    """Counts storages that are made while it is entered, until they are freed.

    Attributes:
        live: Bytes alive now.
        peak: The most that were alive at once.
    """

    def __init__(self):
        super().__init__()
        self.live = self.peak = 0
        self._seen = set()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        out = func(*args, **(kwargs or {}))
        given = {each.untyped_storage()._cdata for each in tree_leaves((args, kwargs)) if _is_tensor(each)}
        for each in filter(_is_tensor, tree_leaves(out)):
            storage = each.untyped_storage()
            key, num_bytes = storage._cdata, storage.nbytes()
            if key in self._seen or key in given:
                continue
            self._seen.add(key)
            self.live += num_bytes
            self.peak = max(self.peak, self.live)
            weakref.finalize(storage, self._freed, key, num_bytes)
        return out

    def _freed(self, key, num_bytes):
        self.live -= num_bytes
        self._seen.discard(key)


def _is_tensor(each):
    return isinstance(each, torch.Tensor)
