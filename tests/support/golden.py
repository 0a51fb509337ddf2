"""The reference models and their cases, from golden/parity."""

import json
from functools import cache
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from infdit_cli.diffusion import Preconditioning, denoise
from infdit_cli.model import InfDiT, LRWindow
from infdit_cli.weights.convert import convert_state_dict, deduce_config

PARITY = Path(__file__).parents[1] / "golden" / "parity"

Case = dict[str, Tensor]


def original_tensors(name: str) -> Case:
    """Return a reference model's weights under the original's names, float32."""
    return {key: tensor.float() for key, tensor in load_file(PARITY / name / "model.safetensors").items()}


def original_sizes(name: str) -> dict[str, float]:
    """Return a reference model's sizes as the original names them."""
    return json.loads((PARITY / name / "config.json").read_text())


@cache
def reference_model(name: str) -> InfDiT:
    """Return reference model A or C in our code."""
    tensors = original_tensors(name)
    table = int(original_sizes(name)["rope_table_length"])
    model = InfDiT(deduce_config(tensors, rope_table_tokens=table))
    model.load_state_dict(convert_state_dict(tensors))
    return model.eval().requires_grad_(requires_grad=False)


def load_case(model: str, name: str) -> Case:
    """Return the tensors of one case, float32."""
    return {key: tensor.float() for key, tensor in load_file(PARITY / model / f"{name}.safetensors").items()}


def denoise_case(model: InfDiT, case: Case, x: Tensor, sigma: Tensor) -> tuple[Tensor, Tensor]:
    """Return (denoised, raw network output) for the whole picture of a case."""
    raw: list[Tensor] = []

    def network(inputs: Tensor, c_noise: Tensor) -> Tensor:
        raw.append(model(inputs, c_noise, LRWindow(case["lr"]), vector=case["vector"]))
        return raw[0]

    return denoise(network, x, case["concat_lr"], sigma, preconditioning(model)), raw[0]


def preconditioning(model: InfDiT) -> Preconditioning:
    """Return the model's preconditioning."""
    return Preconditioning(model.config.sigma_data, model.config.parameterization)


def random_weights(model: InfDiT, seed: int = 0) -> InfDiT:
    """Give every parameter a size at which it matters, also those that start at zero."""
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in model.named_parameters():
        noise = torch.randn(parameter.shape, generator=generator)
        spread = 0.3 if parameter.ndim < 2 else parameter[0].numel() ** -0.5
        centre = 1.0 if name.endswith("norm.weight") else 0.0
        parameter.data.copy_(centre + spread * noise)
    return model.eval()
