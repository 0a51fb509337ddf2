"""``infdit upscale``: what it asks of the api, and what it prints."""

import json
from pathlib import Path

import pytest

from infdit_cli.commands.destination import destination_of
from infdit_cli.config import TextControl, UpscaleOptions
from infdit_cli.errors import OptionError, OutputError
from infdit_cli.target import Target
from support.face import UPSCALED, FakeApi, run, use_api


@pytest.fixture
def api(monkeypatch):
    return use_api(monkeypatch, FakeApi(UPSCALED))


def test_defaults_leave_the_choices_to_the_checkpoint(api):
    assert run("upscale", "photos/in.jpg") == 0
    [(job, args, options)] = api.calls
    assert job == "upscale"
    assert args == (Path("photos/in.jpg"), Path("photos/in_x4.png"), UpscaleOptions())
    assert options == {"makes_folder": False}


def test_an_output_that_ends_like_a_folder_is_made(api):
    assert run("upscale", "in.png", "-o", "new/") == 0
    [(_, (_, destination, _), options)] = api.calls
    assert (destination, options) == (Path("new/in_x4.png"), {"makes_folder": True})


def test_every_option_reaches_the_api(api):
    argv = "in.png -o out.webp -s 4 --steps 8 --sampler dpmpp-2m --seed -7 --device cpu --dtype bfloat16"
    more = "--order block --block-batch 2x3 --weights w.safetensors --overwrite --quiet"
    assert run("upscale", *argv.split(), *more.split()) == 0
    [(_, (_, destination, options), _)] = api.calls
    assert destination == Path("out.webp")
    assert options == UpscaleOptions(
        target=Target(scale=4.0),
        weights="w.safetensors",
        steps=8,
        sampler="dpmpp-2m",
        seed=-7,
        device="cpu",
        dtype="bfloat16",
        order="block",
        block_batch=(2, 3),
        overwrite=True,
    )


@pytest.mark.parametrize(
    ("argv", "says"),
    [
        (["upscale", ""], "INPUT is empty"),
        (["upscale", "a.png", "", "-o", "out"], "INPUT is empty"),
        (["upscale", "a.png", "-o", ""], "-o is empty"),
        (["upscale", "--files-from", ""], "--files-from is empty"),
        (["upscale", "a.png", "--weights", ""], "--weights is empty"),
        (["upscale", "a.png", "--spool", ""], "--spool is empty"),
        (["train", "--data", "", "--out", "run", "--steps", "1"], "--data is empty"),
        (["train", "--data", "photos", "--out", "", "--steps", "1"], "--out is empty"),
        (["eval", "--data", "photos", "--sheet", ""], "--sheet is empty"),
        (["eval", "--data", "photos", "--plot", ""], "--plot is empty"),
        (["bench", "-o", ""], "-o is empty"),
        (["bench", "--plot", ""], "--plot is empty"),
        (["bench", "--spool", ""], "--spool is empty"),
        (["weights", "convert", "", "b.safetensors"], "SRC is empty"),
        (["weights", "convert", "a.pt", ""], "DST is empty"),
        (["plan", ""], "INPUT is empty"),
        (["plan", "a.png", "-o", ""], "-o is empty"),
    ],
)
def test_an_empty_word_is_not_the_current_folder(api, capsys, argv, says):
    assert run(*argv) == OptionError.exit_code
    assert says in capsys.readouterr().err
    assert api.calls == []


def test_a_file_that_is_called_like_the_pipe_is_a_file(api):
    assert run("upscale", "./-", "-o", "out.png") == 0
    [(job, args, _)] = api.calls
    assert (job, *args[:2]) == ("upscale", Path("-"), Path("out.png"))


def test_an_output_that_is_called_like_the_pipe_is_a_file(api):
    assert run("upscale", "in.png", "-o", "./-") == 0
    [(_, args, _)] = api.calls
    assert args[1] == Path("-")


def test_stdout_is_the_path_and_nothing_else(api, capsys):
    run("upscale", "photo.jpg")
    assert capsys.readouterr() == ("photo_x4.png\n", "")


def test_a_picture_for_a_stdout_that_is_closed_is_refused(api, capsys, monkeypatch):
    monkeypatch.setattr("sys.__stdout__", None)  # as Python starts with after >&-
    assert run("upscale", "photo.jpg", "-o", "-") == OutputError.exit_code
    assert "stdout: is closed" in capsys.readouterr().err
    assert api.calls == []


def test_json_is_one_line_with_the_whole_result(api, capsys):
    run("upscale", "photo.jpg", "--json")
    out, err = capsys.readouterr()
    assert err == ""
    assert json.loads(out) == {
        "schema": "infdit/1",
        "command": "upscale",
        "ok": True,
        "result": {
            "source": "photo.jpg",
            "destination": "photo_x4.png",
            "source_size": {"height": 128, "width": 192},
            "size": {"height": 512, "width": 768},
            "weights": "compact",
            "restore": 0.0,
            "steps": 0,
            "evaluations": 0,
            "seed": 0,
            "fidelity": 1.0,
            "device": "cpu",
            "dtype": "float32",
            "planned_bytes": 500 << 20,
            "peak_bytes": 450 << 20,
            "seconds": 8.34,
        },
    }


@pytest.mark.parametrize(
    ("argv", "target", "name"),
    [
        ("--scale 2", Target(scale=2.0), "in_x2.png"),
        ("--scale 8.0", Target(scale=8.0), "in_x8.png"),
        ("--scale 1", Target(scale=1.0), "in_x1.png"),
        ("--scale 3.7", Target(scale=3.7), "in_x3.7.png"),
        ("--width 2048", Target(width=2048), "in_w2048.png"),
        ("--height 99", Target(height=99), "in_h99.png"),
        ("--width 2048 --height 1365", Target(width=2048, height=1365), "in_2048x1365.png"),
        ("--long-side 4000", Target(long_side=4000), "in_long4000.png"),
        ("--megapixels 24", Target(megapixels=24.0), "in_24mp.png"),
    ],
)
def test_any_way_to_say_the_size_reaches_the_api_and_names_the_result(api, argv, target, name):
    assert run("upscale", "in.png", *argv.split()) == 0
    [(_, (_, destination, options), _)] = api.calls
    assert destination == Path(name)
    assert options == UpscaleOptions(target=target)


@pytest.mark.parametrize("scale", ["0", "0.9", "-4", "nan", "inf"])
def test_scales_that_do_not_enlarge_are_refused(api, capsys, scale):
    assert run("upscale", "in.png", "--scale", scale) == OptionError.exit_code
    assert "infdit only enlarges" in capsys.readouterr().err
    assert api.calls == []


@pytest.mark.parametrize(
    "argv", ["--scale 4 --width 100", "--height 9 --long-side 9", "--scale 2 --megapixels 1"]
)
def test_the_size_is_said_once(api, capsys, argv):
    assert run("upscale", "in.png", *argv.split()) == OptionError.exit_code
    assert "size is given more than once" in capsys.readouterr().err
    assert api.calls == []


def test_fidelity_reaches_the_api(api):
    assert run("upscale", "in.png", "--fidelity", "0.5") == 0
    [(_, (_, _, options), _)] = api.calls
    assert options == UpscaleOptions(fidelity=0.5)


@pytest.mark.parametrize("fidelity", ["-0.1", "1.1", "nan"])
def test_a_fidelity_beyond_all_or_nothing_is_refused(api, capsys, fidelity):
    assert run("upscale", "in.png", "--fidelity", fidelity) == OptionError.exit_code
    assert "--fidelity is" in capsys.readouterr().err
    assert api.calls == []


def test_words_reach_the_api(api):
    argv = ["--toward", "clear, sharp", "--away", "blurry", "--guidance", "1.5"]
    assert run("upscale", "in.png", *argv) == 0
    [(_, (_, _, options), _)] = api.calls
    assert options.text == TextControl(toward="clear, sharp", away="blurry", guidance=1.5)


def test_words_alone_take_the_usual_guidance(api):
    assert run("upscale", "in.png", "--away", "blurry") == 0
    [(_, (_, _, options), _)] = api.calls
    assert options.text == TextControl(away="blurry")


@pytest.mark.parametrize("argv", [["--guidance", "2"], ["--toward", " "]], ids=" ".join)
def test_guidance_without_words_is_refused(api, capsys, argv):
    assert run("upscale", "in.png", *argv) == OptionError.exit_code
    assert "neither --toward nor --away has any words" in capsys.readouterr().err
    assert api.calls == []


def test_a_block_batch_of_zero_is_refused(api, capsys):
    assert run("upscale", "in.png", "--block-batch", "0") == OptionError.exit_code
    assert "--block-batch" in capsys.readouterr().err


def test_an_output_folder_gets_the_default_name(tmp_path):
    assert destination_of(Path("in.png"), tmp_path, "in_x4.png") == tmp_path / "in_x4.png"


@pytest.mark.parametrize("output", ["x" * 5000, "nul\0"], ids=["too long", "a zero byte"])
def test_an_output_nobody_can_look_at_is_left_to_the_api(output):
    assert destination_of(Path("in.png"), Path(output), "in_x4.png") == Path(output)


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("a/in.png", "a/in_x4.png"),
        ("in.tar.gz", "in.tar_x4.png"),
        (".hidden", ".hidden_x4.png"),
        (".", "_x4.png"),
    ],
)
def test_the_default_name_is_beside_the_input(source, name):
    assert destination_of(Path(source), None, f"{Path(source).stem}_x4.png") == Path(name)
