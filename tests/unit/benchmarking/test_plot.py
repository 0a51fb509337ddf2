"""What is drawn is what was measured, and the rest says that it was not."""

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from infdit_cli.benchmarking.plot import draw
from support.benches import AGAINST, BENCHED, ON_A_GPU, WHOLE, measurement
from support.plot_texts import plot_texts


@pytest.fixture
def texts_of(tmp_path):
    """Return what draws a result and gives all texts in the plot."""
    return lambda result: plot_texts(lambda path: draw(result, path), tmp_path)


def test_axes_have_units_and_lines_have_names(texts_of):
    texts = texts_of(WHOLE)
    for wanted in (
        "side of the square output (px)",
        "peak memory of the process (MiB)",
        "output (megapixels)",
        "time (s)",
        "infdit, measured",
        "infdit, planned",
        "same model, whole picture at once (computed)",
        "one evaluation of the network",
    ):
        assert wanted in texts


def test_the_title_says_what_was_measured_where_and_when(texts_of):
    [title] = [text for text in texts_of(WHOLE) if text.startswith("infdit 0.1.0")]
    for wanted in ("compact", "1 step", "float32", "Some CPU", "2 threads", "torch 2.13.0", "2026-11-21"):
        assert wanted in title


def test_the_measured_resolutions_are_marked_and_no_others(texts_of):
    texts = texts_of(BENCHED)
    assert {"512", "1,024"} <= set(texts)
    assert "2,048" not in texts


def test_a_gpu_has_its_own_memory_and_the_hosts(texts_of):
    texts = texts_of(ON_A_GPU)
    assert "peak memory of the GPU (MiB)" in texts
    assert "infdit, host memory, measured" in texts


def test_a_network_of_others_has_a_line_in_both_plots(texts_of):
    label = "SDXL-shaped UNet, random weights, one evaluation, measured"
    assert [text for text in texts_of(AGAINST) if "UNet" in text] == [
        label,
        "one evaluation of the SDXL-shaped UNet",
    ]
    assert not any("UNet" in text for text in texts_of(WHOLE))


def test_a_resolution_that_only_the_other_network_had_room_for_is_marked_as_well(texts_of):
    assert "1,024" in texts_of(replace(AGAINST, measured=(measurement(512),)))


@pytest.mark.parametrize("result", [WHOLE, AGAINST], ids=["alone", "against"])
def test_it_is_drawn_without_colour(tmp_path, result):
    draw(result, tmp_path / "plot.png")
    pixels = np.asarray(Image.open(tmp_path / "plot.png").convert("RGB")).astype(int)
    assert np.ptp(pixels, axis=2).max() == 0
    assert pixels.min() < 40
