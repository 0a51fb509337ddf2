"""Networks of others that a benchmark can measure beside infdit's own: what they are called in words.

To add one: its name in ``config.names``, its title here, and the network in ``api.bench.peer``.
"""

from __future__ import annotations

from infdit_cli.config import PeerName

PEER_TITLES: dict[PeerName, str] = {"sdxl-unet": "SDXL-shaped UNet"}
