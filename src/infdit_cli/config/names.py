"""The words that settings are chosen from."""

from __future__ import annotations

from typing import Literal

Predicts = Literal["image", "residual"]
Parameterization = Literal["edm", "x0"]
SamplerName = Literal["heun", "dpmpp-2m"]
DeviceName = str  # auto, cpu, cuda, cuda:1, mps: see check_device
DTypeName = Literal["auto", "float32", "bfloat16", "float16"]
FormatName = Literal["png", "jpg", "webp", "avif", "tif", "dzi"]
VisitOrder = Literal["step", "block"]
ResamplerName = Literal["bicubic", "lanczos"]
PeerName = Literal["sdxl-unet"]
StageName = Literal["base", "joint", "perceptual"]  # in the order of training
TrackName = Literal["clean", "degraded"]
MetricName = Literal["psnr", "ssim", "consistency", "seams", "haarpsi", "gmsd", "lpips", "dists"]
# Where a run keeps something between visits: the compute device, host memory, or a file.
Place = Literal["device", "host", "disk"]
