"""Integers in, a frozen plan out: which blocks are computed together, and in which order."""

from infdit_cli.plan.base import base_bytes, base_pieces
from infdit_cli.plan.passes import Pass, make_passes
from infdit_cli.plan.planner import Plan, Workload, make_plan
from infdit_cli.plan.schedule import Visit, super_blocks, visits

__all__ = [
    "Pass",
    "Plan",
    "Visit",
    "Workload",
    "base_bytes",
    "base_pieces",
    "make_passes",
    "make_plan",
    "super_blocks",
    "visits",
]
