"""Upscale many pictures with one model on one device, or plan to; several devices are ``api.crew``'s."""

from infdit_cli.api.batch.one_by_one import upscale_all
from infdit_cli.api.batch.plan_all import plan_all

__all__ = ["plan_all", "upscale_all"]
