"""The result of a benchmark, made up, with a resolution that did not fit."""

from dataclasses import replace

from infdit_cli.benchmarking.messages import Probed
from infdit_cli.results import (
    BENCH_SCHEMA,
    BenchMachine,
    BenchModel,
    BenchResult,
    Measurement,
    PeerMeasurement,
    Timing,
    Unmeasured,
    UnmeasuredPeer,
)

MIB = 1 << 20
MACHINE = BenchMachine(
    infdit="0.1.0",
    python="3.11.7",
    torch="2.13.0",
    system="Linux-6.1-x86_64",
    cpu="Some CPU",
    cpu_capability="AVX2",
    num_cores=2,
    num_threads=2,
    gpu=None,
    memory_bytes=24_000 * MIB,
    load_average=(0.5, 1.0, 1.5),
)
MODEL = BenchModel(
    weights="compact",
    sha256="0" * 64,
    sampler="dpmpp-2m",
    steps=1,
    evaluations=1,
    device="cpu",
    dtype="float32",
)
PROBED = Probed(machine=MACHINE, model=MODEL, matrix_flops_per_s=1e11)


def measurement(size_px=512, **changes):
    """Return a measurement of two runs."""
    plain = Measurement(
        size_px=size_px,
        source_px=size_px // 4,
        order="block",
        block_rows=8,
        block_cols=4,
        budget_bytes=2000 * MIB,
        planned_bytes=400 * MIB,
        peak_bytes=380 * MIB,
        reserved_bytes=None,
        planned_host_bytes=None,
        peak_host_bytes=380 * MIB,
        whole_picture_bytes=1536 * MIB,
        picture=Timing.of((1.25, 1.0)),
        evaluation=Timing.of((0.75, 1.0)),
        megapixels_per_s=0.233,
        flops=34_000_000_000,
        peak_share=0.3886,
    )
    return replace(plain, **changes)


def peer_measurement(size_px=512, **changes):
    """Return a measurement of a network of others, of two runs."""
    plain = PeerMeasurement(
        name="sdxl-unet",
        size_px=size_px,
        latent_px=size_px // 8,
        parameters=2_567_463_684,
        peak_bytes=5_800 * MIB,
        evaluation=Timing.of((30.0, 34.0)),
    )
    return replace(plain, **changes)


BENCHED = BenchResult(
    schema=BENCH_SCHEMA,
    date="2026-11-21T11:07:28Z",
    command="infdit bench --res 512,2048,1024",
    repeats=2,
    machine=MACHINE,
    model=MODEL,
    matrix_flops_per_s=1e11,
    measured=(measurement(512), measurement(1024, peak_bytes=450 * MIB)),
    unmeasured=(Unmeasured(size_px=2048, type="DoesNotFit", message="the picture needs 9 MiB"),),
)
WHOLE = replace(BENCHED, unmeasured=())
ON_A_GPU = replace(WHOLE, machine=replace(MACHINE, gpu="Some GPU"))
AGAINST = replace(
    WHOLE,
    against=(peer_measurement(1024, peak_bytes=6_200 * MIB), peer_measurement(512)),
    unmeasured_against=(
        UnmeasuredPeer(
            name="sdxl-unet", size_px=2048, type="DoesNotFit", message="weights and activations need 9 MiB"
        ),
    ),
)
