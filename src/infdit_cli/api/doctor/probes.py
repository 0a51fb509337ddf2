"""What an installation consists of: packages, folders, weights, and variables that change what it does."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Mapping
from functools import partial
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from infdit_cli.api.doctor.prober import Prober
from infdit_cli.errors import ChecksumMismatch
from infdit_cli.files import free_bytes
from infdit_cli.results import DigestState, Folder, Package, Variable, WeightsState
from infdit_cli.settings import APP, Settings, shown
from infdit_cli.weights import Entry, Fingerprint, OnDisk, Store, fingerprint, read_registry

# open_clip cannot do without it, and it must fit torch.
_INDIRECT_PACKAGES = ("torchvision",)
# In the marker of a requirement that not everybody has: ``piq>=0.8; extra == 'eval'``, or of some machines.
_OF_SOME = re.compile(r";.*\b(extra|platform_machine)\s*[!=]=")
# Hashing so much takes a fraction of a second.
_CHEAP_BYTES = 64_000_000

_VARIABLES = re.compile(
    r"INFDIT_\w+|OMP_\w+|MKL_\w+|KMP_\w+|OPENBLAS_\w+|VIPS_\w+|MALLOC_\w+|LD_PRELOAD|LD_LIBRARY_PATH"
    r"|CUDA_\w+|NVIDIA_\w+|HIP_\w+|ROCR_\w+|PYTORCH_\w+|TORCH_\w+|HF_\w+|HUGGING_FACE_\w+|TRANSFORMERS_OFFLINE"
    r"|TMPDIR|TEMP|TMP|XDG_CACHE_HOME|XDG_CONFIG_HOME|PYTHONPATH|PYTHONUTF8|PYTHONIOENCODING|LANG|LC_ALL"
    r"|VIRTUAL_ENV|CONDA_PREFIX|TERM|NO_COLOR|FORCE_COLOR|(HTTPS?|ALL|NO)_PROXY|(https?|all|no)_proxy"
    r"|SSL_CERT_FILE|SSL_CERT_DIR"
)
_SECRET = re.compile(r"TOKEN|KEY|SECRET|PASS|CREDENTIAL|AUTH", re.IGNORECASE)
_USER_IN_URL = re.compile(r"//.*@")
# A proxy may be named without its scheme; whatever comes before the last @ may be a password.
_PROXY, _USER_OF_PROXY = re.compile(r"_PROXY$", re.IGNORECASE), re.compile(r"^(\w+://)?.*@")


def packages() -> tuple[Package, ...]:
    """Return what infdit's own metadata says it needs, with the installed versions.

    Of what only extras or some machines need, that which is installed is told: the rest is not missing.
    """
    lines = requires(APP) or ()
    needed = [_package(line) for line in lines if not _OF_SOME.search(line)]
    others = [_package(line) for line in lines if _OF_SOME.search(line)]
    return (*needed, *map(_named, _INDIRECT_PACKAGES), *(each for each in others if each.version))


def folders(prober: Prober) -> tuple[Folder, ...]:
    """Return the folders that infdit writes to."""
    settings = Settings.from_env()
    wanted = {
        "current": Path.cwd,
        "temporary": lambda: Path(tempfile.gettempdir()),
        "cache": lambda: settings.cache_dir,
        "config": lambda: settings.config_dir,
    }
    found = [prober.answer(f"folder {role}", partial(_folder, role, find)) for role, find in wanted.items()]
    return tuple(each for each in found if each)


def weights_states(prober: Prober) -> tuple[WeightsState, ...]:
    """Return all weights that are known by name."""
    settings = Settings.from_env()
    entries = prober.answer("weights", partial(read_registry, settings)) or {}
    store = Store(settings)
    found = [
        prober.answer(f"weights {name}", partial(_state, entry, store)) for name, entry in entries.items()
    ]
    return tuple(each for each in found if each)


def environment(variables: Mapping[str, str] = os.environ) -> tuple[Variable, ...]:
    """Return the variables that change what infdit does and are set; a secret is only said to be set."""
    names = sorted(name for name in variables if _VARIABLES.fullmatch(name))
    return tuple(Variable(name=name, value=_harmless(name, variables[name])) for name in names)


def _package(line: str) -> Package:
    """Return the package that a line of ``requires`` is about."""
    return _named(re.split(r"[^\w.-]", line)[0])


def _named(name: str) -> Package:
    return Package(name=name, version=_version(name))


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _folder(role: str, find: Callable[[], Path]) -> Folder:
    path = find()
    return Folder(role=role, path=shown(path), exists=path.is_dir(), free_bytes=free_bytes(path))


def _state(entry: Entry, store: Store) -> WeightsState:
    path = store.find(entry)
    if path is None:
        return WeightsState(name=entry.name, path=None, size_bytes=None, digest=None)
    return WeightsState(
        name=entry.name,
        path=shown(path),
        size_bytes=path.stat().st_size,
        digest=_digest(entry, store, path),
    )


def _digest(entry: Entry, store: Store, path: Path) -> DigestState:
    pinned, size_bytes = store.pinned(entry) or Fingerprint(), path.stat().st_size
    is_read = pinned.sha256 is not None and size_bytes <= _CHEAP_BYTES
    found = fingerprint(path) if is_read else Fingerprint(sha256=pinned.sha256, size_bytes=size_bytes)
    try:
        pinned.check(found, entry.name)
    except ChecksumMismatch:
        return "differs"
    if pinned.sha256 is None:
        is_packaged = isinstance(entry.source, OnDisk) and entry.source.is_packaged
        return "part of the package" if is_packaged else "not pinned"
    return "ok" if is_read else "not checked"


def _harmless(name: str, value: str) -> str:
    if _SECRET.search(name):
        return "(set)"
    if _PROXY.search(name):
        return shown(_USER_OF_PROXY.sub(r"\1***@", value))
    return shown(_USER_IN_URL.sub("//***@", value))
