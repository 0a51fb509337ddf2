"""One resolution, really measured with a model of a few thousand parameters, in this process."""

import sys

import pytest
import torch

from infdit_cli.api.bench.case import measure
from infdit_cli.api.bench.probe import probe
from infdit_cli.benchmarking.messages import BenchCase, BenchRequest
from infdit_cli.config import MemoryLimit
from infdit_cli.errors import DoesNotFit, MissingExtra
from infdit_cli.events import BenchProgressed
from infdit_cli.geometry import Size
from infdit_cli.machine.devices import resolve_dtype
from infdit_cli.plan import picture_flops
from support.entries import make_settings, tiny_file, use_settings
from support.tiny_models import TINY_REFINER


@pytest.fixture
def request_of(tmp_path, monkeypatch):
    """Return what makes a request for a tiny model, whose speed is remembered in a folder of the test."""
    use_settings(monkeypatch, make_settings(tmp_path))
    path = tmp_path / "tiny.safetensors"
    tiny_file(path, TINY_REFINER)

    def make(**options):
        return BenchRequest(sizes_px=(32,), repeats=2, weights=str(path), device="cpu", **options)

    return make


@pytest.fixture
def case_of(request_of, tmp_path):
    """Return what makes a case with an empty folder."""
    (tmp_path / "work").mkdir()

    def make(size_px=32, **options):
        request = request_of(**{"steps": 2, **options})
        return BenchCase(request=request, size_px=size_px, folder=tmp_path / "work", matrix_flops_per_s=1e9)

    return make


def test_a_measurement_tells_what_was_done(case_of):
    row = measure(case_of(), lambda _: None)
    assert (row.size_px, row.source_px) == (32, 8)
    assert len(row.picture.runs) == len(row.evaluation.runs) == 2
    assert row.megapixels_per_s == pytest.approx(32 * 32 / 1e6 / row.picture.median)
    assert 0 < row.planned_bytes <= row.budget_bytes
    assert row.peak_bytes == row.peak_host_bytes > 0
    assert (row.reserved_bytes, row.planned_host_bytes) == (None, None)


def test_evaluations_fit_into_the_time_of_the_picture(case_of):
    case = case_of(steps=3)
    row = measure(case, lambda _: None)
    evaluations = probe(case.request).model.evaluations
    assert evaluations == 5
    for evaluation_s, picture_s in zip(row.evaluation.runs, row.picture.runs, strict=True):
        assert evaluations * evaluation_s < picture_s


def test_the_share_of_the_peak_is_operations_over_the_time_of_all_evaluations(case_of):
    case = case_of(steps=2)
    row = measure(case, lambda _: None)
    evaluations = probe(case.request).model.evaluations
    assert row.flops == picture_flops(TINY_REFINER, Size(2, 2), evaluations)
    expected = row.flops / (row.evaluation.median * evaluations) / case.matrix_flops_per_s
    assert row.peak_share == pytest.approx(expected)


def test_the_base_alone_counts_as_one_evaluation(case_of):
    row = measure(case_of(steps=0), lambda _: None)
    assert row.flops == picture_flops(TINY_REFINER, Size(2, 2), 0)
    assert row.peak_share == pytest.approx(row.flops / row.evaluation.median / 1e9)


def test_a_side_that_is_no_multiple_of_the_scale_comes_out_exactly(case_of):
    row = measure(case_of(30), lambda _: None)
    assert (row.size_px, row.source_px) == (30, 8)


def test_a_run_that_is_not_timed_comes_first_and_nothing_is_left(case_of):
    case, events = case_of(), []
    measure(case, events.append)
    assert list(dict.fromkeys(e.run for e in events if isinstance(e, BenchProgressed))) == [0, 1, 2]
    assert list(case.folder.iterdir()) == []


def test_what_does_not_fit_says_what_would(case_of):
    with pytest.raises(DoesNotFit, match="MiB of memory"):
        measure(case_of(memory=MemoryLimit(num_bytes=1 << 20)), lambda _: None)


def test_a_missing_package_of_another_network_is_told_before_the_model_is_loaded(monkeypatch):
    monkeypatch.setitem(sys.modules, "diffusers", None)
    with pytest.raises(MissingExtra, match="diffusers") as caught:
        probe(BenchRequest(weights="missing", against=("sdxl-unet",)))
    assert caught.value.hint == "pip install 'diffusers>=0.42'"


def test_the_probe_names_machine_and_model(request_of):
    probed = probe(request_of(steps=2))
    assert (probed.model.weights, probed.model.steps) == ("tiny", 2)
    own_format = str(resolve_dtype("auto", torch.device("cpu"))).removeprefix("torch.")
    assert (probed.model.device, probed.model.dtype) == ("cpu", own_format)
    assert len(probed.model.sha256) == 64
    assert probed.machine.gpu is None
    assert probed.machine.num_threads >= 1
    assert probed.matrix_flops_per_s > 0
