"""How a picture came about that nobody upscaled."""

from infdit_cli.metadata import Provenance

HOW = Provenance(
    tool="infdit 1.2",
    weights="compact",
    weights_sha256="ab" * 32,
    restore=0.5,
    scale="4",
    steps=1,
    sampler="heun",
    seed=7,
)
