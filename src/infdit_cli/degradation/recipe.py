"""How strong each damage may be, as data."""

from __future__ import annotations

from dataclasses import dataclass

Range = tuple[float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """One round of blur, resizing, noise and JPEG; every strength is drawn evenly from its range.

    Args:
        blur_probability: That there is any blur.
        sinc_probability: That the blur is a sinc filter, which rings as sharpening does.
        sigma: Standard deviation of the blur along each axis, in pixels.
        sharp_beta: Exponent of the generalised Gaussian kernels; below 1 they have long tails.
        flat_beta: Exponent of the plateau kernels.
        resize: Smallest and largest factor.
        resize_odds: Of growing, of shrinking and of keeping the size.
        gaussian_probability: That the noise is Gaussian; else it is Poisson's.
        gaussian_sigma: Its standard deviation, in levels of 255.
        poisson_scale: Strength of Poisson's noise; 1 is that of as many photons as there are levels.
        grey_probability: That all channels share their noise.
        jpeg_quality: As libjpeg counts it.
    """

    blur_probability: float
    sinc_probability: float
    sigma: Range
    sharp_beta: Range
    flat_beta: Range
    resize: Range
    resize_odds: tuple[float, float, float]
    gaussian_probability: float
    gaussian_sigma: Range
    poisson_scale: Range
    grey_probability: float
    jpeg_quality: Range


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Two rounds of damage and a last sinc filter.

    Args:
        first, second: The rounds.
        last_sinc_probability: That there is a last filter.
    """

    first: Round
    second: Round
    last_sinc_probability: float


# What the released Inf-DiT was trained on: THUDM/Inf-DiT, configs/degradation.yaml, which is Real-ESRGAN's
# second-order chain (arXiv 2107.10833) with about half its strength.
MILD = Recipe(
    first=Round(
        blur_probability=1.0,
        sinc_probability=0.1,
        sigma=(0.2, 1.5),
        sharp_beta=(0.5, 2.0),
        flat_beta=(1.0, 1.5),
        resize=(0.3, 1.5),
        resize_odds=(0.2, 0.7, 0.1),
        gaussian_probability=0.5,
        gaussian_sigma=(1.0, 15.0),
        poisson_scale=(0.05, 2.0),
        grey_probability=0.4,
        jpeg_quality=(60, 95),
    ),
    second=Round(
        blur_probability=0.5,
        sinc_probability=0.1,
        sigma=(0.2, 1.0),
        sharp_beta=(0.5, 2.0),
        flat_beta=(1.0, 1.5),
        resize=(0.6, 1.2),
        resize_odds=(0.3, 0.4, 0.3),
        gaussian_probability=0.5,
        gaussian_sigma=(1.0, 12.0),
        poisson_scale=(0.05, 1.0),
        grey_probability=0.4,
        jpeg_quality=(60, 100),
    ),
    last_sinc_probability=0.8,
)
