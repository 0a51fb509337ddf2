"""How close is close enough: one table, and a comparison that says by how much it failed."""

from torch import Tensor

# Largest absolute difference, float32. Two correct float32 implementations differ by about a tenth of
# these; the smallest effect of a mistake in the network is ten times as large (golden/parity).
LIMITS = {
    "denoised": 2e-5,
    "net_out": 2e-5,
    "intermediate": 2e-5,
    "super_blocks": 2e-5,
    "trajectory_4": 5e-4,
    "trajectory_8": 1e-4,
    "kernel": 1e-6,
    "resized": 1e-5,
    "vector": 1e-5,
    "final": 1e-4,
}


def assert_close(actual: Tensor, expected: Tensor, kind: str, what: str = "") -> None:
    """Fail with the largest and the mean difference if any value is off by more than the kind's limit."""
    assert actual.shape == expected.shape, f"{what} {tuple(actual.shape)} is not {tuple(expected.shape)}"
    difference = (actual.double() - expected.double()).abs()
    largest, mean = difference.max().item(), difference.mean().item()
    # Not "largest > limit": NaN must fail too.
    assert largest <= LIMITS[kind], (
        f"{what} differs by {largest:.2e} at most, {mean:.2e} on average; {kind} allows {LIMITS[kind]:.0e}"
    )
