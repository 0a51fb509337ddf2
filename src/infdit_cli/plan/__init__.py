"""Integers in, a frozen plan out: which blocks are computed together, in which order, and what lies where."""

from infdit_cli.plan.alpha import alpha_bytes, alpha_piece, alpha_seconds
from infdit_cli.plan.base import PIECE_PX, base_bytes, base_pieces, framed_share
from infdit_cli.plan.cost import Speed
from infdit_cli.plan.finishing import finishing_bytes, finishing_piece, finishing_seconds
from infdit_cli.plan.flops import base_flops, evaluation_flops, picture_flops
from infdit_cli.plan.memory import (
    DISK_QUEUE_BYTES,
    LEAVING_BYTES,
    SLAB_BYTES,
    STREAM_BUFFERS,
    account,
    canvas_bytes,
    kv_blocks,
    kv_bytes,
    whole_picture_bytes,
)
from infdit_cli.plan.passes import Route, make_route
from infdit_cli.plan.planner import Plan, Wishes, make_plan, roomiest_layout
from infdit_cli.plan.schedule import Visit, Walk, super_blocks
from infdit_cli.plan.workload import Budget, DeviceTraits, JobBytes, Layout, Workload

__all__ = [
    "DISK_QUEUE_BYTES",
    "LEAVING_BYTES",
    "PIECE_PX",
    "SLAB_BYTES",
    "STREAM_BUFFERS",
    "Budget",
    "DeviceTraits",
    "JobBytes",
    "Layout",
    "Plan",
    "Route",
    "Speed",
    "Visit",
    "Walk",
    "Wishes",
    "Workload",
    "account",
    "alpha_bytes",
    "alpha_piece",
    "alpha_seconds",
    "base_bytes",
    "base_flops",
    "base_pieces",
    "canvas_bytes",
    "evaluation_flops",
    "finishing_bytes",
    "finishing_piece",
    "finishing_seconds",
    "framed_share",
    "kv_blocks",
    "kv_bytes",
    "make_plan",
    "make_route",
    "picture_flops",
    "roomiest_layout",
    "super_blocks",
    "whole_picture_bytes",
]
