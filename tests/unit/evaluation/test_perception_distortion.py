"""The plot of PSNR against LPIPS shows every method of every track where it was measured."""

from dataclasses import replace

from infdit_cli.evaluation.perception_distortion import draw
from infdit_cli.evaluation.summary import track_scores
from infdit_cli.results import Score
from support.face import EVALUATED
from support.plot_texts import plot_texts


def _score(method: str, psnr: float, lpips: float, *, steps: int | None = None) -> Score:
    values = {"psnr": psnr, "lpips": lpips}
    return Score(picture="a.png", method=method, steps=steps, values=values, seconds_per_mp=1.0)


SCORES = [
    _score("lanczos", 30.0, 0.35),
    _score("four", 29.0, 0.2, steps=4),
    _score("none", 31.5, 0.23, steps=0),
]
CLEAN, DEGRADED = track_scores("clean", SCORES), track_scores("degraded", SCORES)


def test_every_method_has_its_name_and_every_track_its_panel(tmp_path):
    result = replace(EVALUATED, tracks=(CLEAN, DEGRADED))
    texts = plot_texts(lambda path: draw(result, path), tmp_path)
    for method in ("lanczos", "none", "four"):
        assert texts.count(method) == 2
    assert {"clean track", "degraded track", "PSNR on Y (dB)", "compact, mean of 2 pictures"} <= set(texts)


def test_the_models_points_are_in_the_order_of_their_steps(tmp_path):
    texts = plot_texts(lambda path: draw(replace(EVALUATED, tracks=(CLEAN,)), path), tmp_path)
    assert texts.index("none") < texts.index("four")
