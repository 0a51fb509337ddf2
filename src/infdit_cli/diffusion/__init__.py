"""Diffusion on tensors: preconditioning, noise levels, samplers and noise; knows no network."""

from infdit_cli.diffusion.noise import block_noise, canvas_noise
from infdit_cli.diffusion.precond import Coefficients, Preconditioning, RawNetwork, denoise
from infdit_cli.diffusion.samplers import SAMPLERS, START, Denoise, Sampler, State, sample
from infdit_cli.diffusion.sigmas import karras_sigmas

__all__ = [
    "SAMPLERS",
    "START",
    "Coefficients",
    "Denoise",
    "Preconditioning",
    "RawNetwork",
    "Sampler",
    "State",
    "block_noise",
    "canvas_noise",
    "denoise",
    "karras_sigmas",
    "sample",
]
