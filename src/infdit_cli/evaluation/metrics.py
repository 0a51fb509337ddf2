"""PSNR and SSIM as the super-resolution literature reports them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# BT.601, studio range: what papers call "PSNR on Y".
LUMA_WEIGHTS = np.array([65.481, 128.553, 24.966]) / 255.0
LUMA_OFFSET = 16.0
PEAK = 255.0


def luma(rgb: NDArray[np.uint8]) -> NDArray[np.float64]:
    """Return Y of ``[H, W, 3]`` 8-bit pixels, 16 to 235."""
    return rgb.astype(np.float64) @ LUMA_WEIGHTS + LUMA_OFFSET


def psnr_y(predicted: NDArray[np.uint8], truth: NDArray[np.uint8]) -> float:
    """Return the peak signal-to-noise ratio on Y in decibels; infinite for equal pictures."""
    return _psnr(luma(predicted), luma(truth))


def psnr_rgb(predicted: NDArray[np.uint8], truth: NDArray[np.uint8]) -> float:
    """Return the peak signal-to-noise ratio over all channels in decibels; infinite for equal pictures."""
    return _psnr(predicted.astype(np.float64), truth.astype(np.float64))


def _psnr(predicted: NDArray[np.float64], truth: NDArray[np.float64]) -> float:
    if np.array_equal(predicted, truth):
        return float("inf")
    # Not at the top: it takes a second, which every `infdit upscale` would wait for.
    from skimage.metrics import peak_signal_noise_ratio  # noqa: PLC0415 - see above

    # skimage has no annotations of its own.
    return float(peak_signal_noise_ratio(truth, predicted, data_range=PEAK))  # type: ignore[no-untyped-call]


def ssim_y(predicted: NDArray[np.uint8], truth: NDArray[np.uint8]) -> float:
    """Return the structural similarity on Y (Wang et al. 2004: Gaussian window of 11 px, sigma 1.5)."""
    from skimage.metrics import structural_similarity  # noqa: PLC0415 - as above

    return float(
        structural_similarity(  # type: ignore[no-untyped-call]
            luma(truth),
            luma(predicted),
            data_range=PEAK,
            gaussian_weights=True,
            sigma=1.5,
            use_sample_covariance=False,
        )
    )
