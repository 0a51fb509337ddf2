"""Base and transformer as one module: what a checkpoint holds."""

from collections.abc import Callable, Mapping
from typing import Self

import torch
from torch import Tensor, nn

from infdit_cli.config import ModelConfig
from infdit_cli.errors import UnknownKeys
from infdit_cli.events import ignore
from infdit_cli.model.base import Base, as_base_weight, is_base_weight
from infdit_cli.model.infdit import InfDiT
from infdit_cli.unallocated import unallocated

LISTED_KEYS = 8


class Network(nn.Module):
    """A model's parts, as far as it has them; how they work together is the engine's business.

    Args:
        config: Which parts there are, and their sizes.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.config = config
        self.base = Base(config.base, config.scale) if config.base else None
        self.transformer = InfDiT(config)

    @classmethod
    def from_tensors(
        cls,
        config: ModelConfig,
        tensors: Mapping[str, Tensor],
        *,
        dtype: torch.dtype = torch.float32,
        on_copied: Callable[[Tensor], None] = ignore,
    ) -> Self:
        """Build the model from its tensors.

        Args:
            config: Which parts there are, and their sizes.
            tensors: Weights by name; one that has the right dtype already is taken as it is, not copied.
            dtype: Number format of the transformer.
            on_copied: Told of each tensor that the model has no use for any more.

        Raises:
            UnknownKeys: If a tensor is missing, foreign, or of another shape; all are counted.
        """
        # The config may be as wrong as the tensors: what it asks for is not believed before they agree.
        with unallocated():
            network = cls(config)
        expected = {name: tensor.shape for name, tensor in network.state_dict().items()}
        found = {name: tensor.shape for name, tensor in tensors.items()}
        wrong = [name for name in expected.keys() | found.keys() if expected.get(name) != found.get(name)]
        if wrong:
            raise UnknownKeys(_describe(sorted(wrong), expected, found))
        converted = {}
        for name, tensor in tensors.items():
            converted[name] = _held(name, tensor, dtype)
            if is_copied(name, tensor, dtype):
                on_copied(tensor)
        network.load_state_dict(converted, assign=True)
        return network.eval().requires_grad_(requires_grad=False)


def is_copied(name: str, tensor: Tensor, dtype: torch.dtype) -> bool:
    """Tell whether a model holds a copy of a tensor, in another number format or layout, and not itself.

    Args:
        name: Of the tensor.
        tensor: As a checkpoint holds it.
        dtype: Number format of the transformer.
    """
    return tensor.dtype != _held_dtype(name, dtype) or (_is_of_base(name) and not is_base_weight(tensor))


def _held(name: str, tensor: Tensor, dtype: torch.dtype) -> Tensor:
    tensor = tensor.to(_held_dtype(name, dtype))
    return as_base_weight(tensor) if _is_of_base(name) else tensor


def _held_dtype(name: str, dtype: torch.dtype) -> torch.dtype:
    """Return the number format in which a model holds a tensor: the base's are float32 whatever it is."""
    return torch.float32 if _is_of_base(name) else dtype


def _is_of_base(name: str) -> bool:
    return name.startswith("base.")


def _describe(wrong: list[str], expected: Mapping[str, object], found: Mapping[str, object]) -> str:
    listed = [
        f"{name} ({'missing' if name not in found else 'foreign' if name not in expected else 'wrong shape'})"
        for name in wrong[:LISTED_KEYS]
    ]
    more = f" and {len(wrong) - LISTED_KEYS} more" if len(wrong) > LISTED_KEYS else ""
    return f"the weights do not fit their model: {', '.join(listed)}{more}"
