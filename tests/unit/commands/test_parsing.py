"""Lists and pairs on the command line."""

import pytest

from infdit_cli.commands import parsing
from infdit_cli.errors import OptionError

MANY_DIGITS = "9" * 5000


@pytest.mark.parametrize(
    ("text", "blocks"), [("4", (4, 4)), ("2x3", (2, 3)), ("2X3", (2, 3)), (" 1 ", (1, 1))]
)
def test_block_batch_is_a_number_or_rows_by_columns(text, blocks):
    assert parsing.block_batch(text) == blocks


@pytest.mark.parametrize("text", ["", "x", "2x", "x3", "2x3x4", "-1", "1.5", "²", "two", MANY_DIGITS])
def test_block_batch_rejects_the_rest(text):
    with pytest.raises(OptionError, match="block_batch"):
        parsing.block_batch(text)


@pytest.mark.parametrize(
    ("text", "name"), [("jpg", "jpg"), ("jpeg", "jpg"), ("TIFF", "tif"), (".PNG", "png"), ("Avif", "avif")]
)
def test_a_format_is_known_by_each_of_its_spellings(text, name):
    assert parsing.format_name(text) == name


@pytest.mark.parametrize("text", ["", ".", "jp2", "gif", "jpgg"])
def test_a_format_that_is_not_written_is_refused(text):
    with pytest.raises(OptionError, match="it must be one of png, jpg, webp"):
        parsing.format_name(text)


@pytest.mark.parametrize(("text", "names"), [("", ()), ("SDXL-UNet, sdxl-unet", ("sdxl-unet",))])
def test_networks_of_others_are_named_once(text, names):
    assert parsing.peers(text) == names


def test_a_network_of_others_that_is_not_known_is_refused():
    with pytest.raises(OptionError, match="against does not know sd3") as caught:
        parsing.peers("sd3")
    assert caught.value.hint == "it knows sdxl-unet"


@pytest.mark.parametrize(("text", "counts"), [("0", (0,)), ("0,1,4", (0, 1, 4)), ("4, 0,4", (4, 0))])
def test_step_counts_are_kept_once_and_in_order(text, counts):
    assert parsing.step_counts(text) == counts


@pytest.mark.parametrize("text", ["", "a", "1,", "-1", "1.5", "1;2", MANY_DIGITS])
def test_step_counts_reject_the_rest(text):
    with pytest.raises(OptionError, match="steps"):
        parsing.step_counts(text)


def test_sides_are_kept_once_and_in_order():
    assert parsing.sides("2048, 1024,2048") == (2048, 1024)


@pytest.mark.parametrize("text", ["", "1k", "1024,", "-1", "1024x1024", MANY_DIGITS])
def test_sides_reject_the_rest(text):
    with pytest.raises(OptionError, match="res"):
        parsing.sides(text)


@pytest.mark.parametrize(
    ("text", "names"), [("bicubic,lanczos", ("bicubic", "lanczos")), (" lanczos ", ("lanczos",)), ("", ())]
)
def test_resamplers_may_be_none(text, names):
    assert parsing.resamplers(text) == names


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("all", None),
        ("all,psnr", None),
        ("LPIPS, All", None),
        ("PSNR,ssim,Psnr", ("psnr", "ssim")),
    ],
)
def test_metrics_are_named_in_any_case_and_all_is_all_of_them(text, names):
    assert parsing.metrics(text) == names


def test_resamplers_name_the_unknown_one():
    with pytest.raises(OptionError, match="know nearest"):
        parsing.resamplers("lanczos,nearest")


@pytest.mark.parametrize("text", ["", "6", "G", "-1G", f"{MANY_DIGITS[:400]}G", f"{MANY_DIGITS[:400]}%"])
def test_memory_rejects_what_is_no_amount(text):
    with pytest.raises(OptionError, match="memory"):
        parsing.memory(text)


@pytest.mark.parametrize("text", ["", "1", "1/", "a/b", f"1/{MANY_DIGITS}"])
def test_shard_rejects_what_is_no_pair(text):
    with pytest.raises(OptionError, match="shard"):
        parsing.shard(text)
