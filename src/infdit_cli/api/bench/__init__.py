"""Measure speed and memory; what brings torch (``case``, ``probe``) is imported in processes of its own."""

from infdit_cli.api.bench.resolutions import BenchReport, bench

__all__ = ["BenchReport", "bench"]
