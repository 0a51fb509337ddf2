"""What a batch is asked for becomes a list of inputs and outputs, or an error before any work."""

import os
from pathlib import Path

import pytest
from PIL import Image

from infdit_cli.api import find
from infdit_cli.api.find import find_pictures
from infdit_cli.batch import NameTemplate, Request, Shard
from infdit_cli.config import UpscaleOptions
from infdit_cli.errors import (
    FormatLimit,
    OptionError,
    OutputError,
    OutputNotWritable,
    UnreadableImage,
    WouldShrink,
)
from infdit_cli.events import Noted
from infdit_cli.target import Target


@pytest.fixture
def photos(tmp_path, monkeypatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("a.png", "b.jpg", "sub/a.png"):
        path = tmp_path / "photos" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.new("RGB", (6, 5)).save(path)
    return Path("photos")


def outputs(*inputs, output="out", options=None, **wishes) -> list[str]:
    request = Request(inputs=tuple(map(Path, inputs)), output=Path(output) if output else None, **wishes)
    items = find_pictures(request, options or UpscaleOptions())
    return [item.destination.as_posix() for item in items]


def test_results_go_to_the_output_folder_which_is_not_made_yet(photos):
    assert outputs(photos) == ["out/a_x4.png", "out/b_x4.png"]
    assert not Path("out").exists()


def test_recursion_keeps_the_structure(photos):
    assert outputs(photos, recursive=True) == ["out/a_x4.png", "out/b_x4.png", "out/sub/a_x4.png"]


def test_without_an_output_results_lie_beside_their_inputs(photos):
    assert outputs("photos/a.png", "photos/sub/a.png", output=None) == [
        "photos/a_x4.png",
        "photos/sub/a_x4.png",
    ]


def test_names_tell_what_they_are_asked_for(photos):
    name = NameTemplate("{name}-{stem}-{width}x{height}-{scale}-{weights}-{steps}-{seed}{ext}")
    options = UpscaleOptions(target=Target(scale=2), weights="w/my.safetensors", steps=3, seed=9)
    assert outputs("photos/b.jpg", template=name, suffix=".webp", options=options) == [
        "out/b.jpg-b-12x10-2-my-3-9.webp"
    ]


def test_steps_that_only_the_checkpoint_knows_are_asked_of_it_once(photos, monkeypatch):
    asked = []
    real = find.open_weights
    monkeypatch.setattr(find, "open_weights", lambda name, **how: asked.append(name) or real(name, **how))
    assert outputs(photos, template=NameTemplate("{stem}-{steps}.png")) == ["out/a-1.png", "out/b-1.png"]
    assert asked == ["compact"]


def test_a_picture_that_cannot_tell_its_size_is_listed_with_its_problem(photos):
    Path("photos/empty.png").touch()
    request = Request(inputs=(photos,), output=Path("out"), template=NameTemplate("{stem}-{width}.png"))
    items = find_pictures(request, UpscaleOptions())
    assert [type(item.problem) for item in items] == [type(None), type(None), UnreadableImage]


def test_a_picture_larger_than_what_is_asked_for_is_listed_with_its_problem(photos):
    Image.new("RGB", (60, 50)).save("photos/large.png")
    template = NameTemplate("{stem}-{width}.png")
    request = Request(inputs=(photos,), output=Path("out"), template=template)
    items = find_pictures(request, UpscaleOptions(target=Target(long_side=24)))
    assert [type(item.problem) for item in items] == [type(None), type(None), WouldShrink]


def test_shares_together_are_all(photos):
    shares = [outputs(photos, recursive=True, shard=Shard(index, 2)) for index in (1, 2)]
    assert sorted(shares[0] + shares[1]) == ["out/a_x4.png", "out/b_x4.png", "out/sub/a_x4.png"]


def test_results_of_one_name_are_refused(photos):
    with pytest.raises(OutputError, match="would both become"):
        outputs("photos/a.png", "photos/sub/a.png")


def test_a_clash_in_another_share_is_refused_here_too(photos):
    Path("photos/a.jpg").write_bytes(Path("photos/b.jpg").read_bytes())
    for index in (1, 2):
        with pytest.raises(OutputError, match="would both become"):
            outputs(photos, shard=Shard(index, 2))


def test_an_output_that_is_an_input_is_refused(photos):
    with pytest.raises(OutputError, match="is an input, and would be overwritten by itself"):
        outputs(photos / "a.png", "photos/sub/a.png", output=None, template=NameTemplate("{stem}.png"))


def test_results_among_the_inputs_are_refused(photos):
    (photos / "sub" / "photos").mkdir()
    (photos / "sub" / "photos" / "c.png").write_bytes(b"")
    # photos/sub/photos/c.png would become photos/photos/c_x4.png, beside what the second input holds.
    (photos / "photos").mkdir()
    with pytest.raises(OutputError, match="photos/photos: is an input folder, too"):
        outputs("photos/sub", "photos/photos", recursive=True, output="photos")


def test_a_file_in_the_place_of_the_output_folder_is_refused(photos):
    with pytest.raises(OutputNotWritable, match=r"a\.png: is a file, not a folder"):
        outputs(photos, output="photos/a.png")


def test_an_output_folder_that_leads_in_a_circle_is_refused(photos):
    Path("loop").symlink_to("loop")
    with pytest.raises(OutputError, match="loop: "):
        outputs(photos, output="loop")
    with pytest.raises(OutputError, match="loop"):
        outputs(photos, output="loop/out")


def test_an_input_in_a_circle_is_no_matter_of_the_others(photos):
    Path("loop").symlink_to("loop")
    assert outputs("loop/a.png", "photos/a.png", output=None) == ["loop/a_x4.png", "photos/a_x4.png"]


def test_an_output_that_looks_like_a_file_is_refused(photos):
    with pytest.raises(OptionError, match=r"-o out\.png names one file"):
        outputs("photos/a.png", "photos/b.jpg", output="out.png")


def test_a_folder_that_was_taken_for_a_picture_is_told(photos):
    with pytest.raises(UnreadableImage, match="photos: is a folder, not a picture"):
        outputs(photos, output="out.png")


def test_the_parent_of_the_output_folder_has_to_be_there(photos):
    with pytest.raises(OutputNotWritable, match="disk: no such folder"):
        outputs(photos, output="disk/out")


def test_names_of_no_format_are_refused_before_any_work(photos):
    with pytest.raises(FormatLimit):
        outputs(photos, template=NameTemplate("{stem}.xyz"))


def test_what_is_left_out_of_a_folder_is_told(photos):
    Path("photos/notes.txt").touch()
    told = []
    request = Request(inputs=(photos,), output=Path("out"))
    find_pictures(request, UpscaleOptions(), on_event=told.append)
    left_out = "1 subfolder (see --recursive), 1 file of other kinds (see --pattern)"
    assert told == [Noted(f"left out: {left_out}")]


def test_nothing_found_is_an_empty_list(photos):
    assert outputs(photos, pattern="*.gif") == []


def test_a_name_that_cannot_be_made_is_that_pictures_problem(photos):
    request = Request(inputs=(Path("photos/a.png"), Path("no\0name.png")), output=Path("out"))
    fine, bad = find_pictures(request, UpscaleOptions())
    assert fine.problem is None
    assert "is no name of a file" in str(bad.problem)


@pytest.mark.skipif(os.name != "posix", reason="it parts folders on Windows")
def test_a_backslash_in_a_name_is_a_letter(photos):
    (photos / "a.png").rename(photos / "a\\b.png")
    assert outputs(photos) == ["out/a\\b_x4.png", "out/b_x4.png"]
