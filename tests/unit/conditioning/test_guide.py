"""From pictures and words to the vector."""

import gc
import weakref

import pytest
import torch
import torch.nn.functional as F
from torch import nn

from infdit_cli.conditioning import Guide, build_tower, tower_input
from infdit_cli.conditioning.guide import OPEN_CLIP_BYTES, WORKING_BYTES, image_vector
from infdit_cli.config import TextControl
from infdit_cli.errors import OptionError, UnknownKeys, WeightsError
from infdit_cli.weights.convert import convert_image_tower
from support.clip import EMBED_DIM, image_tower, require_open_clip, tiny_clip
from support.closeness import assert_close
from support.golden import load_case, original_tensors
from support.pipelines import random_lr


class Mean(nn.Module):
    """A tower that sees colours only."""

    image_size = (8, 8)

    def forward(self, pixels):
        return pixels.mean(dim=(2, 3))


class ColourClip(nn.Module):
    def __init__(self):
        super().__init__()
        self.visual = Mean()


def never():
    raise AssertionError("open_clip's weights are asked for")


@pytest.mark.parametrize("name", ["e2e_scale2", "e2e_scale4"])
def test_the_checkpoints_own_tower_gives_the_originals_vector(name):
    require_open_clip()
    case = load_case("A", name)
    tower = build_tower(convert_image_tower(original_tensors("A")), head_width=16)
    assert_close(image_vector(tower, case["lr"]), case["vector"], "vector", name)


def test_a_tower_rebuilt_from_its_tensors_is_the_same():
    clip, pixels = tiny_clip(), tower_input(random_lr(20, 30), 32)
    torch.testing.assert_close(build_tower(image_tower(clip))(pixels), clip.visual(pixels))


def test_a_tower_with_a_missing_tensor_is_refused():
    tensors = image_tower(tiny_clip())
    for name in ("visual.conv1.weight", "visual.ln_post.bias"):
        with pytest.raises(UnknownKeys, match="image tower"):
            build_tower({key: each for key, each in tensors.items() if key != name})


def test_without_words_and_with_an_own_tower_nothing_is_loaded():
    require_open_clip()
    lr, clip = random_lr(20, 30), tiny_clip()
    vector = Guide(EMBED_DIM, tower=image_tower(clip), load=never)(lr)
    torch.testing.assert_close(vector, image_vector(clip.visual, lr))
    assert vector.norm().item() == pytest.approx(1)


def test_without_an_own_tower_open_clips_is_loaded():
    vector = Guide(3, tower={}, load=ColourClip)(random_lr(20, 30))
    assert vector.shape == (1, 3)
    assert vector.norm().item() == pytest.approx(1)


def test_a_tower_of_another_width_is_refused():
    with pytest.raises(WeightsError, match="gives 3 numbers, the model wants 24"):
        Guide(24, tower={}, load=ColourClip)(random_lr(20, 30))


@pytest.mark.parametrize("own_tower", [True, False])
def test_words_move_the_vector_as_in_the_paper(own_tower):
    clip, lr = tiny_clip(), random_lr(20, 30)
    open_clip = require_open_clip()
    toward, away = clip.encode_text(open_clip.tokenize(["clear, sharp", "blurry"]), normalize=True)
    plain = image_vector(clip.visual, lr)
    text = TextControl(toward="clear, sharp", away="blurry", guidance=1.5)
    tower = image_tower(clip) if own_tower else {}
    moved = Guide(EMBED_DIM, tower=tower, text=text, load=tiny_clip)(lr)
    torch.testing.assert_close(moved, F.normalize(plain + 1.5 * (toward - away), dim=-1))


@pytest.mark.parametrize(("own_tower", "loads"), [(True, 1), (False, 3)])
def test_with_an_own_tower_the_words_need_open_clip_for_the_first_picture_only(own_tower, loads):
    clip, loaded = tiny_clip(), []
    text = TextControl(toward="clear, sharp", away="blurry")
    tower = image_tower(clip) if own_tower else {}

    def guide():
        return Guide(EMBED_DIM, tower=tower, text=text, load=lambda: loaded.append(1) or tiny_clip())

    pictures = [random_lr(20, 30), random_lr(30, 20), random_lr(8, 8)]
    one_guide = guide()
    vectors = [one_guide(lr) for lr in pictures]
    assert len(loaded) == loads
    for lr, vector in zip(pictures, vectors, strict=True):
        assert torch.equal(vector, guide()(lr))


def test_open_clips_model_is_not_kept_for_the_next_picture():
    models = []

    def load():
        models.append(weakref.ref(model := tiny_clip()))
        return model

    guide = Guide(EMBED_DIM, tower={}, text=TextControl(toward="sharp"), load=load)
    guide(random_lr(8, 8))
    gc.collect()
    assert [model() for model in models] == [None]


def test_one_side_alone_is_enough_and_no_guidance_moves_nothing():
    clip, lr = tiny_clip(), random_lr(20, 30)
    plain = image_vector(clip.visual, lr)

    def moved(**options):
        return Guide(EMBED_DIM, tower={}, text=TextControl(**options), load=tiny_clip)(lr)

    torch.testing.assert_close(moved(toward="sharp", guidance=0.0), plain)
    assert (moved(toward="sharp") - plain).abs().max() > 1e-2
    assert (moved(away="sharp") - moved(toward="sharp")).abs().max() > 1e-2


@pytest.mark.parametrize("options", [{}, {"toward": " "}, {"toward": "a", "guidance": float("nan")}])
def test_control_without_words_or_guidance_is_refused(options):
    with pytest.raises(OptionError):
        TextControl(**options)


@pytest.mark.parametrize(("dtype", "bytes_a_number"), [(torch.float32, 4), (torch.bfloat16, 6)])
def test_its_own_tower_is_held_in_float32_beside_what_has_to_be_converted(dtype, bytes_a_number):
    tower = {"visual.a": torch.zeros(3, 5, dtype=dtype), "visual.b": torch.zeros(7, dtype=dtype)}
    assert Guide(EMBED_DIM, tower=tower).nbytes == WORKING_BYTES + bytes_a_number * 22


@pytest.mark.parametrize("words", [None, TextControl(toward="sharp")])
def test_open_clip_is_held_twice_while_it_is_loaded(words):
    assert Guide(EMBED_DIM, tower={}, text=words).nbytes == WORKING_BYTES + 2 * OPEN_CLIP_BYTES


def test_words_need_open_clip_even_with_an_own_tower():
    larger = {"visual.a": torch.zeros(OPEN_CLIP_BYTES // 4 + 1, device="meta")}
    guide = Guide(EMBED_DIM, tower=larger, text=TextControl(toward="sharp"))
    assert guide.nbytes == WORKING_BYTES + 2 * OPEN_CLIP_BYTES + 4


def test_a_tower_of_sixteen_bits_computes_in_float32():
    clip, pixels = tiny_clip(), tower_input(random_lr(20, 30), 32)
    halves = {name: tensor.bfloat16() for name, tensor in image_tower(clip).items()}
    rounded = {name: tensor.float() for name, tensor in halves.items()}
    torch.testing.assert_close(build_tower(halves)(pixels), build_tower(rounded)(pixels), rtol=0, atol=0)
