"""From an 8-bit picture to the final one, every intermediate compared with the original's."""

import pytest
import torch

from infdit_cli.config import SamplerConfig
from infdit_cli.engine import Upscaler
from infdit_cli.engine.condition import BicubicCondition
from infdit_cli.engine.picture import PaddedPicture
from infdit_cli.geometry import Rect, Size
from infdit_cli.model import Network
from infdit_cli.plan import Layout
from support.closeness import assert_close
from support.golden import load_case, reference_model

CASES = [("e2e_scale4", 4), ("e2e_scale2", 2)]
STEPS = 12


def cropped(image_u8, config, scale):
    """Return what the original upscales: whole blocks from the picture's centre, on [-1, 1].

    Ours crops nothing, so the test does it. The offset is half the difference, rounded half to even.
    """
    picture = (image_u8.permute(2, 0, 1)[None] / 255) * 2 - 1
    unit = config.block_px // scale
    height, width = (side - side % unit for side in picture.shape[2:])
    top, left = round((picture.shape[2] - height) / 2), round((picture.shape[3] - width) / 2)
    return picture[:, :, top : top + height, left : left + width]


def network_a():
    model = reference_model("A")
    network = Network(model.config)
    network.transformer = model
    return network.eval()


def whole(picture):
    return Rect(0, 0, *picture.grid)


@pytest.mark.parametrize(("name", "scale"), CASES)
def test_what_the_network_is_told_is_the_originals(name, scale):
    case, config = load_case("A", name), reference_model("A").config
    picture = PaddedPicture(cropped(case["image_u8"], config, scale), config.block_px // scale)
    condition = BicubicCondition(picture, config)
    assert_close(condition.lr_window(whole(picture)).pixels, case["lr"], "resized", "lr")
    assert_close(condition.concat(whole(picture)), case["concat_lr"], "resized", "concat_lr")


@pytest.mark.parametrize(("name", "scale"), CASES)
def test_the_image_tower_is_asked_about_the_originals_lr_picture(name, scale):
    case, asked = load_case("A", name), []
    upscaler = make_upscaler(lambda lr: asked.append(lr) or case["vector"])
    source = cropped(case["image_u8"], upscaler.config, scale)
    upscaler.vector(source, size=Size(*source.shape[2:]).scaled(scale))
    assert_close(asked[0], case["lr"], "resized", "lr")


@pytest.mark.parametrize("order", ["step", "block"])
@pytest.mark.parametrize(("name", "scale"), CASES)
def test_the_final_picture_is_the_originals(name, scale, order):
    case = load_case("A", name)
    final = upscaled(case, make_upscaler(lambda lr: case["vector"]), scale, order)
    assert_close(final, case["final"], "final", name)
    # Ours rounds; the original truncates: it is darker by half a level on average.
    truncated = ((final.double() + 1) * 127.5).clamp(0, 255).to(torch.uint8)[0].permute(1, 2, 0)
    off = (truncated.int() - case["final_u8"].int()).abs()
    assert off.max() <= 1
    assert (off > 0).double().mean() <= 1e-3


def make_upscaler(guide):
    sampler = SamplerConfig(name="heun", steps=STEPS)
    return Upscaler(network_a(), sampler, device=torch.device("cpu"), dtype=torch.float32, guide=guide)


def upscaled(case, upscaler, scale, order):
    """Return the picture ``[1, 3, H, W]`` that the streaming engine makes of the case's noise."""
    block_px = upscaler.config.block_px
    canvas = torch.full_like(case["noise"], torch.nan)

    def noise(blocks):
        rect = blocks.scaled(block_px)
        return case["noise"][:, :, rect.rows, rect.cols]

    def sink(blocks, image):
        rect = blocks.scaled(block_px)
        canvas[:, :, rect.rows, rect.cols] = image

    source = cropped(case["image_u8"], upscaler.config, scale)
    size = Size(*source.shape[2:]).scaled(scale)
    assert size == canvas.shape[2:]
    layout = Layout(order=order, super_block=Size(1, 2))
    for _ in upscaler.start(source, sink, layout, size=size, noise=noise).visits:
        pass
    return canvas
