"""The evaluation loop: fair inputs, every method on every track of every picture."""

import numpy as np
import pytest
from PIL import Image

from infdit_cli.errors import UnreadableImage
from infdit_cli.evaluation import RESAMPLERS, Method, Setting, Sheet, evaluate_folder
from infdit_cli.evaluation.gauges import BUILT_IN
from infdit_cli.events import Noted, Scored
from support.folders import refuse_folder
from support.photos import make_folder

RESAMPLED = [Method(name=name, enlarge=enlarge) for name, enlarge in RESAMPLERS.items()]


def setting(methods=RESAMPLED, tracks=("clean",), gauges=BUILT_IN, **fields):
    return Setting(methods=methods, gauges=gauges, tracks=tracks, scale=4, block_px=64, **fields)


def ignore(event):
    pass


def test_every_method_is_scored_on_every_picture_in_order(tmp_path):
    make_folder(tmp_path, count=3)
    seen = []
    done = evaluate_folder(tmp_path, setting(), limit=2, on_event=seen.append)
    [clean] = done.tracks
    assert [(score.picture, score.method) for score in clean.scores] == [
        ("nested/picture-1.png", "bicubic"),
        ("nested/picture-1.png", "lanczos"),
        ("picture-0.png", "bicubic"),
        ("picture-0.png", "lanczos"),
    ]
    assert seen == [Scored("nested/picture-1.png", 1, 2), Scored("picture-0.png", 2, 2)]
    assert all(10 < score.values["psnr"] < 60 and 0 < score.values["ssim"] < 1 for score in clean.scores)
    assert all(score.seconds_per_mp > 0 for score in clean.scores)


def test_a_folder_that_cannot_be_read_is_told_and_the_others_are_scored(tmp_path, monkeypatch):
    make_folder(tmp_path, count=2)
    refuse_folder(monkeypatch, tmp_path / "nested")
    seen = []
    done = evaluate_folder(tmp_path, setting(), limit=None, on_event=seen.append)
    assert done.num_pictures == 1
    why = f"{tmp_path / 'nested'}: the folder cannot be read: Permission denied"
    assert seen == [Noted(f"{why}; it is left out"), Scored("picture-0.png", 1, 1)]


def test_means_are_those_of_the_method(tmp_path):
    make_folder(tmp_path, count=2)
    [clean] = evaluate_folder(tmp_path, setting(), limit=None, on_event=ignore).tracks
    assert [mean.steps for mean in clean.means] == [None, None]
    for mean in clean.means:
        own = [score.values["psnr"] for score in clean.scores if score.method == mean.method]
        assert mean.values["psnr"] == pytest.approx(np.mean(own))


def test_methods_see_the_input_of_the_track(tmp_path):
    make_folder(tmp_path, count=1, height=67, width=90)
    inputs = []

    def spy(lr, scale):
        inputs.append(lr)
        return np.zeros((lr.shape[0] * scale, lr.shape[1] * scale, 3), np.uint8)

    evaluate_folder(
        tmp_path,
        setting([Method(name="spy", enlarge=spy)], ("clean", "degraded")),
        limit=None,
        on_event=ignore,
    )
    clean, degraded = inputs
    with Image.open(tmp_path / "picture-0.png") as image:
        whole = image.crop((0, 0, 88, 64)).resize((22, 16), Image.Resampling.BICUBIC)
    np.testing.assert_array_equal(clean, np.asarray(whole))
    assert degraded.shape == clean.shape
    assert (degraded != clean).mean() > 0.5


def test_the_same_seed_gives_the_same_scores_and_another_one_others(tmp_path):
    make_folder(tmp_path, count=1)

    def psnr(seed):
        damaged = setting(tracks=("degraded",), seed=seed)
        [track] = evaluate_folder(tmp_path, damaged, limit=None, on_event=ignore).tracks
        return [score.values["psnr"] for score in track.scores]

    assert psnr(3) == psnr(3)
    assert psnr(3) != psnr(4)


def test_each_track_has_the_metrics_that_mean_something_there(tmp_path):
    make_folder(tmp_path, count=1)
    both = evaluate_folder(
        tmp_path, setting(tracks=("clean", "degraded")), limit=None, on_event=ignore
    ).tracks
    clean, degraded = (set(track.means[0].values) for track in both)
    assert clean - degraded == {"consistency", "seams"}


def test_a_picture_that_cannot_be_read_is_told_and_left_out(tmp_path):
    make_folder(tmp_path, count=1)
    (tmp_path / "broken.png").write_bytes(b"x")
    seen = []
    done = evaluate_folder(tmp_path, setting(), limit=None, on_event=seen.append)
    assert done.num_pictures == 1
    [left_out] = done.left_out
    assert left_out.picture == "broken.png"
    [note] = [event.text for event in seen if isinstance(event, Noted)]
    assert note == f"{left_out.why}; it is left out"
    assert Scored("picture-0.png", 2, 2) in seen


def test_a_picture_that_cannot_be_scored_takes_no_place_of_the_limit(tmp_path):
    make_folder(tmp_path, count=3)
    (tmp_path / "broken.png").write_bytes(b"x")
    (tmp_path / "also-broken.png").write_bytes(b"x")
    seen = []
    done = evaluate_folder(tmp_path, setting(), limit=1, on_event=seen.append)
    assert done.num_pictures == 1
    assert [each.picture for each in done.left_out] == ["also-broken.png", "broken.png"]
    assert [(event.num_done, event.num_total) for event in seen if isinstance(event, Scored)] == [
        (1, 2),
        (2, 3),
        (3, 3),
    ]


def test_a_folder_without_a_usable_picture_is_an_error(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"x")
    with pytest.raises(UnreadableImage, match="none of its 1 pictures"):
        evaluate_folder(tmp_path, setting(), limit=None, on_event=ignore)


def test_the_sheet_has_a_row_for_each_track_with_every_method(tmp_path):
    make_folder(tmp_path, count=1)
    sheet = Sheet()
    evaluate_folder(tmp_path, setting(tracks=("clean", "degraded")), limit=None, on_event=ignore, sheet=sheet)
    assert [row.title for row in sheet.rows] == ["picture-0.png, clean", "picture-0.png, degraded"]
    labels = [label.partition(",")[0] for label, _ in sheet.rows[0].cells]
    assert labels == ["truth", "input", "bicubic", "lanczos"]
