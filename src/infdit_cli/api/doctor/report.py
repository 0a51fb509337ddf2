"""Look at everything that a bug report needs; what cannot be found out is said, and never stops the rest."""

from __future__ import annotations

import platform
import sys
from dataclasses import replace
from functools import partial
from pathlib import Path

import infdit_cli
from infdit_cli.api.doctor.complaints import warnings_about
from infdit_cli.api.doctor.prober import Prober
from infdit_cli.api.doctor.probes import environment, folders, packages, weights_states
from infdit_cli.machine.cpu import cpu_name, num_cores
from infdit_cli.machine.host import host_limits, tightest
from infdit_cli.machine.torch_build import torch_build
from infdit_cli.results import Device, DoctorResult
from infdit_cli.settings import shown


def doctor() -> DoctorResult:
    """Probe the machine, the installation and the user's folders, and judge what was found."""
    prober = Prober()
    torch = prober.answer("torch", torch_build)
    limits = prober.answer("memory", host_limits)
    found = DoctorResult(
        infdit=infdit_cli.__version__,
        python=f"{platform.python_version()} ({shown(sys.executable)})",
        system=platform.platform(),
        installed_in=shown(Path(infdit_cli.__file__).parent),
        cpu=prober.answer("processor", cpu_name) or "unknown",
        num_cores=prober.answer("cores", num_cores) or 1,
        stdout_encoding=getattr(sys.stdout, "encoding", None) or "unknown",
        torch=torch,
        packages=prober.answer("packages", packages) or (),
        devices=_devices(prober) if torch else (),
        memory=tightest(limits) if limits else None,
        limits=limits or (),
        folders=folders(prober),
        weights=weights_states(prober),
        environment=environment(),
        failed=(),
        warnings=(),
    )
    if torch:
        prober.answer("open_clip", _open_clip)
    found = replace(found, failed=tuple(prober.failed))
    return replace(found, warnings=tuple(warnings_about(found)))


def _devices(prober: Prober) -> tuple[Device, ...]:
    """Ask one device after the other: a broken driver must not hide the CPU."""
    from infdit_cli.machine.devices import describe, devices  # noqa: PLC0415 - it brings torch

    names = prober.answer("devices", devices) or ()
    answers = [prober.answer(str(device), partial(describe, device)) for device in names]
    return tuple(each for each in answers if each)


def _open_clip() -> None:
    # Only importing it tells whether its torchvision fits this torch.
    from infdit_cli.conditioning.package import open_clip_module  # noqa: PLC0415 - it brings torch

    open_clip_module()
