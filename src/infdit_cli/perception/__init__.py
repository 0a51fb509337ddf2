"""LPIPS and DISTS: distances in the features of networks trained to name things.

Their weights are looked for in packages that carry them and are never fetched.
"""

from infdit_cli.perception.dists import Dists
from infdit_cli.perception.lpips import Lpips
from infdit_cli.perception.packaged import (
    DISTS_INSTALL,
    LPIPS_INSTALL,
    packaged_dists,
    packaged_lpips,
)
from infdit_cli.perception.weight_files import PackageAbsent

__all__ = [
    "DISTS_INSTALL",
    "LPIPS_INSTALL",
    "Dists",
    "Lpips",
    "PackageAbsent",
    "packaged_dists",
    "packaged_lpips",
]
