"""Passes one after the other, what finishes them, and what they leave behind."""

import pytest
import torch

from infdit_cli.engine import Corrected, Missing, Resized, TensorSource, Upscaler, whole
from infdit_cli.events import Started, Visited
from infdit_cli.geometry import Size
from infdit_cli.plan import Layout, Route
from infdit_cli.resampling import LANCZOS
from infdit_cli.upscaling import finish
from infdit_cli.upscaling.chain import run_passes
from infdit_cli.upscaling.paint import StageOutput
from infdit_cli.upscaling.workplace import SCRATCH, Workplace, scratch_bytes
from support.journals import job_journal
from support.pipelines import IMAGE, RESIDUAL, random_lr, random_network, run_upscaler, sampler_config
from support.spools import spool_in

SOURCE = random_lr(5, 7)
FOUR, SIXTEEN = Size(20, 28), Size(80, 112)


def route(*passes, target=None, fidelity=0.0):
    return Route(source=Size(5, 7), passes=passes, target=target or passes[-1], fidelity=fidelity)


def upscaler_of(config, network=None):
    network, sampler = network or random_network(config), sampler_config(config, 2)
    return Upscaler(network, sampler, device=torch.device("cpu"), dtype=torch.float32)


def run(upscaler, route, folder, *, source=SOURCE, super_block=(2, 2)):
    """Return the result ``[1, 3, H, W]`` and the events."""
    events, canvas = [], torch.full((1, 3, *route.target), torch.nan)

    def paint(rect, image):
        assert canvas[:, :, rect.rows, rect.cols].isnan().all()
        canvas[:, :, rect.rows, rect.cols] = image

    layouts = [Layout(order="block", super_block=Size(*super_block))] * len(route.passes)
    with job_journal(folder) as journal, spool_in(folder, route.target, SCRATCH) as spool:
        if upscaler.config.vector_dim:
            journal.vector = upscaler.vector(TensorSource(source), size=route.passes[0])
        run_passes(
            upscaler,
            TensorSource(source),
            route,
            layouts,
            StageOutput(spool, paint),
            workplace=Workplace(journal=journal, scratch=folder, on_event=events.append),
            seed=0,
        )
    assert not canvas.isnan().any()
    return canvas, events


def test_a_single_pass_is_the_upscaler_cut_to_size(tmp_path):
    network = random_network(IMAGE)
    image, [started, *_] = run(upscaler_of(IMAGE, network), route(FOUR), tmp_path)
    full = run_upscaler(network, sampler_config(IMAGE, 2), SOURCE)
    torch.testing.assert_close(image, full[:, :, :20, :28], rtol=0, atol=1e-5)
    assert started.size == FOUR
    assert "pass" not in started.detail


def test_without_fidelity_a_final_pass_goes_straight_to_the_output(tmp_path, monkeypatch):
    def not_made(*_, **__):
        pytest.fail("a picture on the way was written down")

    monkeypatch.setattr("infdit_cli.upscaling.chain.Spool", not_made)
    run(upscaler_of(RESIDUAL), route(FOUR), tmp_path)


@pytest.mark.parametrize("second", [Size(40, 56), Size(33, 47), SIXTEEN], ids=str)
def test_the_second_pass_upscales_the_clipped_result_of_the_first(tmp_path, second):
    upscaler = upscaler_of(IMAGE)
    first, _ = run(upscaler, route(FOUR), tmp_path)
    direct = Route(source=FOUR, passes=(second,), target=second, fidelity=0)
    expected, _ = run(upscaler, direct, tmp_path, source=first.clamp(-1, 1))
    chained, events = run(upscaler, route(FOUR, second), tmp_path)
    torch.testing.assert_close(chained, expected, rtol=0, atol=1e-5)
    started = [each for each in events if isinstance(each, Started)]
    assert [each.size for each in started] == [FOUR, second]
    assert [each.detail[-13:] for each in started] == [", pass 1 of 2", ", pass 2 of 2"]


@pytest.mark.parametrize("target", [Size(5, 7), Size(8, 10), Size(10, 14), Size(24, 33)], ids=str)
@pytest.mark.parametrize("fidelity", [0.0, 0.5, 1.0])
def test_the_last_picture_is_resized_and_then_corrected(tmp_path, target, fidelity):
    upscaler, source = upscaler_of(RESIDUAL), TensorSource(SOURCE)
    made, _ = run(upscaler, route(FOUR), tmp_path)
    small = TensorSource(whole(Resized(TensorSource(made.clamp(-1, 1)), target, LANCZOS)))
    lacking = TensorSource(whole(Missing(source, small)))
    finished, _ = run(upscaler, route(FOUR, target=target, fidelity=fidelity), tmp_path)
    torch.testing.assert_close(finished, whole(Corrected(small, lacking, fidelity)), rtol=0, atol=1e-5)


def test_a_run_that_was_broken_off_while_finishing_computes_no_pass_again(tmp_path, monkeypatch):
    wanted, upscaler = route(FOUR, target=Size(9, 13), fidelity=1.0), upscaler_of(RESIDUAL)
    expected, _ = run(upscaler, wanted, tmp_path / "whole")
    with monkeypatch.context() as broken:
        broken.setattr(finish.Corrected, "read", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            run(upscaler, wanted, tmp_path / "broken")
    monkeypatch.setattr(Upscaler, "start", lambda *_: 1 / 0)
    resumed, _ = run(upscaler, wanted, tmp_path / "broken")
    torch.testing.assert_close(resumed, expected, rtol=0, atol=0)


# Smaller and corrected, as large as the last pass and corrected, larger and as it is.
@pytest.mark.parametrize(
    ("target", "fidelity"), [(Size(13, 18), 1.0), (SIXTEEN, 1.0), (Size(83, 115), 0.0)], ids=str
)
def test_neither_blocks_nor_pieces_change_the_picture(tmp_path, monkeypatch, target, fidelity):
    wanted = route(FOUR, SIXTEEN, target=target, fidelity=fidelity)
    first, _ = run(upscaler_of(RESIDUAL), wanted, tmp_path)
    monkeypatch.setattr(finish, "finishing_piece", lambda *_: Size(11, 13))
    second, _ = run(upscaler_of(RESIDUAL), wanted, tmp_path, super_block=(1, 3))
    torch.testing.assert_close(first, second, rtol=0, atol=1e-4)


def test_finishing_tells_its_progress_to_the_end(tmp_path):
    _, events = run(upscaler_of(RESIDUAL), route(FOUR, target=Size(15, 21), fidelity=1.0), tmp_path)
    last = max(i for i, each in enumerate(events) if isinstance(each, Started))
    assert (events[last].size, events[last].detail) == (Size(15, 21), "finishing")
    assert events[last + 1 :] == [Visited(n) for n in range(1, events[last].num_visits + 1)]


@pytest.mark.parametrize(("size", "seen"), [(FOUR, (5, 7)), (Size(10, 14), (2, 3)), (Size(13, 17), (4, 5))])
def test_the_inputs_vector_serves_every_pass(tmp_path, size, seen):
    asked, config = [], IMAGE.__class__.from_dict(IMAGE.to_dict() | {"vector_dim": 3})

    def guide(lr):
        asked.append(lr.shape)
        return torch.ones(1, 3)

    upscaler = Upscaler(
        random_network(config),
        sampler_config(config, 1),
        device=torch.device("cpu"),
        dtype=torch.float32,
        guide=guide,
    )
    run(upscaler, route(size, size.scaled(2)), tmp_path)
    assert asked == [(1, 3, *seen)]


def test_the_room_for_pictures_on_the_way_is_known_before():
    assert scratch_bytes(route(FOUR)) == 0
    assert scratch_bytes(route(FOUR, SIXTEEN, Size(160, 224))) == (20 * 28 + 80 * 112) * 12
    assert scratch_bytes(route(FOUR, target=Size(9, 9))) == 20 * 28 * 12
    assert scratch_bytes(route(FOUR, fidelity=0.5)) == (20 * 28 + 5 * 7) * 12
