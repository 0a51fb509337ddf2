"""Seeds: any integer is one, although generators of random numbers want natural ones."""


def natural(seed: int) -> int:
    """Return a number from 0 on that no other seed has: negative seeds interleave with the others."""
    return 2 * seed if seed >= 0 else -2 * seed - 1
