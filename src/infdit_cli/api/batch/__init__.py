"""Upscale many pictures with one model on one device; several devices are ``api.crew``'s."""

from infdit_cli.api.batch.one_by_one import upscale_all

__all__ = ["upscale_all"]
