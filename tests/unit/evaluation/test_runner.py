"""The evaluation loop: fair inputs, every method on every picture."""

import numpy as np
import pytest
from PIL import Image

from infdit_cli.errors import UnreadableImage
from infdit_cli.evaluation import RESAMPLERS, evaluate_folder
from support.photos import make_folder


def test_every_method_is_scored_on_every_picture_in_order(tmp_path):
    make_folder(tmp_path, count=3)
    seen: list[object] = []
    scores = evaluate_folder(tmp_path, dict(RESAMPLERS), scale=4, limit=2, on_event=seen.append)
    assert [(score.picture, score.method) for score in scores] == [
        ("picture-1.png", "bicubic"),
        ("picture-1.png", "lanczos"),
        ("picture-0.png", "bicubic"),
        ("picture-0.png", "lanczos"),
    ]
    assert len(seen) == 2
    assert all(10 < score.psnr_db < 60 and 0 < score.ssim < 1 for score in scores)


def test_methods_see_the_picture_shrunk_by_pillow(tmp_path):
    make_folder(tmp_path, count=1, height=35, width=42)
    inputs: list[np.ndarray] = []

    def spy(lr: np.ndarray, scale: int) -> np.ndarray:
        inputs.append(lr)
        return np.zeros((lr.shape[0] * scale, lr.shape[1] * scale, 3), np.uint8)

    evaluate_folder(tmp_path, {"spy": spy}, scale=4, limit=None, on_event=lambda _: None)
    whole = Image.open(tmp_path / "picture-0.png").crop((0, 0, 40, 32))
    np.testing.assert_array_equal(inputs[0], np.asarray(whole.resize((10, 8), Image.Resampling.BICUBIC)))


def test_an_empty_folder_and_a_broken_picture_are_errors(tmp_path):
    with pytest.raises(UnreadableImage, match="no pictures"):
        evaluate_folder(tmp_path, {}, scale=4, limit=None, on_event=lambda _: None)
    (tmp_path / "broken.png").write_bytes(b"x")
    with pytest.raises(UnreadableImage, match=r"broken\.png"):
        evaluate_folder(tmp_path, {}, scale=4, limit=None, on_event=lambda _: None)
