"""Passes one after the other, and what they leave behind."""

import pytest
import torch
import torch.nn.functional as F

from infdit_cli.api.chain import SCRATCH, pass_sizes, run_passes, scratch_bytes
from infdit_cli.api.paint import Target
from infdit_cli.engine import TensorSource, Upscaler
from infdit_cli.events import Started
from infdit_cli.geometry import Size
from infdit_cli.plan import Layout, Pass
from infdit_cli.tiles import Spool
from support.journals import job_journal
from support.pipelines import IMAGE, RESIDUAL, random_lr, random_network, run_upscaler, sampler_config

LAYOUT = Layout(order="block", batch=Size(2, 2))


def upscaler_of(config, network=None):
    network, sampler = network or random_network(config), sampler_config(config, 2)
    return Upscaler(network, sampler, device=torch.device("cpu"), dtype=torch.float32)


def run(upscaler, source, passes, folder):
    """Return the result ``[1, 3, H, W]`` and the events."""
    size, events = pass_sizes(Size(*source.shape[2:]), passes)[-1], []
    canvas = torch.full((1, 3, *size), torch.nan)

    def paint(rect, image):
        canvas[:, :, rect.rows, rect.cols] = image

    with job_journal(folder) as journal, Spool(folder, size, SCRATCH) as spool:
        if upscaler.config.vector_dim:
            journal.vector = upscaler.vector(source)
        run_passes(
            upscaler,
            TensorSource(source),
            passes,
            [LAYOUT] * len(passes),
            Target(spool, paint),
            journal=journal,
            scratch=folder,
            seed=0,
            on_event=events.append,
        )
    assert not canvas.isnan().any()
    return canvas, events


def test_a_single_pass_is_the_upscaler_cut_to_size(tmp_path):
    source, network = random_lr(5, 7), random_network(IMAGE)
    image, [started, *_] = run(upscaler_of(IMAGE, network), source, [Pass(4)], tmp_path)
    whole = run_upscaler(network, sampler_config(IMAGE, 2), source)
    torch.testing.assert_close(image, whole[:, :, :20, :28], rtol=0, atol=1e-5)
    assert started.size == (20, 28)
    assert "pass" not in started.detail


@pytest.mark.parametrize("config", [IMAGE, RESIDUAL], ids=["image", "residual"])
def test_the_second_pass_upscales_the_clipped_result_of_the_first(tmp_path, config):
    upscaler, source = upscaler_of(config), random_lr(5, 7)
    second = Pass(2) if config is IMAGE else Pass(4, 2)
    first, _ = run(upscaler, source, [Pass(4)], tmp_path / "1")
    expected, _ = run(upscaler, first.clamp(-1, 1), [second], tmp_path / "2")
    chained, events = run(upscaler, source, [Pass(4), second], tmp_path / "3")
    assert chained.shape == (1, 3, 40, 56)
    torch.testing.assert_close(chained, expected, rtol=0, atol=1e-5)
    started = [each for each in events if isinstance(each, Started)]
    assert [each.size for each in started] == [(20, 28), (40, 56)]
    assert [each.detail[-13:] for each in started] == [", pass 1 of 2", ", pass 2 of 2"]


def test_shrinking_takes_the_mean_of_squares_across_all_blocks(tmp_path):
    upscaler, source = upscaler_of(RESIDUAL), random_lr(5, 7)
    large, _ = run(upscaler, source, [Pass(4)], tmp_path / "large")
    small, _ = run(upscaler, source, [Pass(4, 2)], tmp_path / "small")
    torch.testing.assert_close(small, F.avg_pool2d(large, 2), rtol=0, atol=1e-5)


def test_the_inputs_vector_serves_every_pass(tmp_path):
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
    run(upscaler, random_lr(5, 7), [Pass(4), Pass(2)], tmp_path)
    assert asked == [(1, 3, 5, 7)]


def test_the_room_for_pictures_between_passes_is_known_before(tmp_path):
    assert scratch_bytes(Size(5, 7), [Pass(4)]) == 0
    assert scratch_bytes(Size(5, 7), [Pass(4), Pass(4), Pass(2)]) == (20 * 28 + 80 * 112) * 12
