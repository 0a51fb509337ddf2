"""How a picture is drawn from a model."""

from __future__ import annotations

import reprlib
from dataclasses import asdict, dataclass
from typing import Any, Self

from infdit_cli import strict_json
from infdit_cli.config.checks import SIGMA_BOUNDS, Bounds, demand_rising, demand_within
from infdit_cli.config.names import SamplerName

# Of what only a checkpoint or a registry tells; a power of 1 / rho must stay a number.
_BOUNDS: dict[str, Bounds] = {**SIGMA_BOUNDS, "rho": (0.1, 1_000)}


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplerConfig:
    """How the picture is drawn from the model; a checkpoint's header holds its default.

    Args:
        name: ``heun`` (EDM, algorithm 1) or ``dpmpp-2m`` (DPM-Solver++ 2M, Lu et al. 2022).
        steps: Noise levels to walk through; 0 gives the base picture alone.
        sigma_min, sigma_max, rho: Karras schedule (EDM, equation 5).
        temperature: Factor on the noise that sampling starts from; below 1 is calmer than what was learned.

    Raises:
        ValueError: If a number is beyond its bounds.
    """

    name: SamplerName = "heun"
    steps: int = 20
    sigma_min: float = 0.002
    sigma_max: float = 40.0
    rho: float = 7.0
    temperature: float = 1.0

    def __post_init__(self) -> None:
        if not 0 <= self.temperature <= 1:
            raise ValueError(f"the sampler's temperature is {self.temperature:g}; it goes from 0 to 1")
        if not 0 <= self.steps <= 1000:
            raise ValueError(f"steps is {reprlib.repr(self.steps)}; it goes from 0 to 1000")
        demand_within(self, _BOUNDS)
        demand_rising(self.sigma_min, self.sigma_max)

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """Build from the JSON form.

        Raises:
            ValueError: If a field is missing, unknown, of a wrong type or beyond its bounds.
        """
        return strict_json.read(cls, data, defaults=True)
