"""What the measurements of a benchmark have in common: the machine, the model, and how fast matrices are."""

from __future__ import annotations

import os
import platform

import torch

import infdit_cli
from infdit_cli.api.bench.peer import check_peers
from infdit_cli.benchmarking.messages import BenchRequest, Probed
from infdit_cli.config import UpscaleOptions
from infdit_cli.engine import matrix_flops_per_s
from infdit_cli.machine.cpu import cpu_name, num_cores
from infdit_cli.machine.devices import describe, device_memory
from infdit_cli.machine.torch_build import torch_build
from infdit_cli.results import BenchMachine, BenchModel
from infdit_cli.upscaling.calibration import calibrated
from infdit_cli.upscaling.models import LoadedModel, load_model


def probe(request: BenchRequest) -> Probed:
    """Look at machine and model, and time matrix products.

    The machine's speed is measured and remembered here, so that no measured process has to.

    Raises:
        MissingExtra: If what ``against`` needs cannot be imported.
        WeightsError: If the checkpoint is missing or damaged.
        OptionError: If the model cannot do what is asked.
        DeviceUnavailable: If the device is not there.
    """
    load = _load_average()
    check_peers(request.against)
    options = UpscaleOptions(weights=request.weights, steps=request.steps, device=request.device)
    model = load_model(options)
    calibrated(model.upscaler)
    return Probed(
        machine=_machine(model.upscaler.device, load),
        model=_model(model),
        matrix_flops_per_s=matrix_flops_per_s(model.upscaler.device, model.upscaler.dtype),
    )


def _machine(device: torch.device, load_average: tuple[float, ...]) -> BenchMachine:
    build = torch_build()
    return BenchMachine(
        infdit=infdit_cli.__version__,
        python=platform.python_version(),
        torch=build.version,
        system=platform.platform(),
        cpu=cpu_name(),
        cpu_capability=build.cpu_capability,
        num_cores=num_cores(),
        num_threads=build.num_threads,
        gpu=_gpu_name(device),
        memory_bytes=device_memory(device).total_bytes,
        load_average=load_average,
    )


def _model(model: LoadedModel) -> BenchModel:
    upscaler = model.upscaler
    return BenchModel(
        weights=model.name,
        sha256=model.sha256,
        sampler=upscaler.sampler.name,
        steps=upscaler.sampler.steps,
        evaluations=upscaler.num_evaluations,
        device=str(upscaler.device),
        dtype=upscaler.dtype_name,
    )


def _gpu_name(device: torch.device) -> str | None:
    return None if device.type == "cpu" else describe(device).title


def _load_average() -> tuple[float, ...]:
    return os.getloadavg() if hasattr(os, "getloadavg") else ()
