"""Files from the Hugging Face hub, through its own client: its cache, resume, and environment variables."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx2
from huggingface_hub import constants, hf_hub_download
from huggingface_hub.errors import HFValidationError
from huggingface_hub.utils.tqdm import tqdm as hub_bar

from infdit_cli.errors import DownloadFailed
from infdit_cli.weights.entry import Hub
from infdit_cli.weights.transfer import OnBytes

_HOME = ("huggingface.co", "hf.co")


def fetch_from_hub(source: Hub, on_bytes: OnBytes) -> Path:
    """Return the file in the hub's own cache, downloaded if need be.

    Raises:
        DownloadFailed: If the hub, or its cache when offline, does not give it.
    """
    try:
        path = hf_hub_download(
            source.repo,
            source.file,
            revision=source.revision,
            token=_token(),
            tqdm_class=_reporting(on_bytes),
        )
    except (OSError, httpx2.HTTPError, HFValidationError, ValueError) as err:
        what = f"{source.repo}/{source.file} at {source.revision}"
        reason = " ".join(str(err).split()) or type(err).__name__
        raise DownloadFailed(
            f"{what}: {reason}", hint="HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE steer the hub's client"
        ) from err
    return Path(path)


def _token() -> bool | None:
    """Let the client use the user's token at home only: a mirror in HF_ENDPOINT is somebody else."""
    host = urlsplit(constants.ENDPOINT).hostname or ""
    at_home = any(host == home or host.endswith(f".{home}") for home in _HOME)
    return None if at_home else False


def _reporting(on_bytes: OnBytes) -> type[hub_bar]:
    """Return a progress bar that draws nothing and hands its numbers on."""

    class Bar(hub_bar):
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options | {"disable": True})  # type: ignore[no-untyped-call]
            self._done = int(options.get("initial") or 0)
            self._total = options.get("total")

        def update(self, n: float | None = 1) -> bool | None:
            self._done += int(n or 0)
            on_bytes(self._done, self._total)
            return None

    return Bar
