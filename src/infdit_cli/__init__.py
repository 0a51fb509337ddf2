"""Upscale any image to any size in bounded memory (Inf-DiT, arXiv 2405.04312)."""

from importlib.metadata import version

__all__ = ["__version__"]

__version__ = version("infdit")
