"""Diffusion on tensors: preconditioning, noise levels, samplers and noise; knows no network."""

from infdit_cli.diffusion.noise import canvas_noise
from infdit_cli.diffusion.precond import Preconditioning, denoise
from infdit_cli.diffusion.samplers import SAMPLERS, Sampler, sample
from infdit_cli.diffusion.sigmas import karras_sigmas

__all__ = [
    "SAMPLERS",
    "Preconditioning",
    "Sampler",
    "canvas_noise",
    "denoise",
    "karras_sigmas",
    "sample",
]
