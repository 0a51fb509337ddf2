"""Pixels to tokens, noise level and vector to a condition."""

from dataclasses import replace

import pytest
import torch

from infdit_cli.model.embed import ConditionEmbed, TokenEmbed, time_features
from support.tiny_models import TINY, TINY_REFINER


def test_time_features_are_cosines_then_sines():
    features = time_features(torch.tensor([0.7]), 4)
    angles = torch.tensor([0.7, 0.7 / 100])
    torch.testing.assert_close(features, torch.cat((angles.cos(), angles.sin()))[None])


def test_time_features_stay_float32_for_half_precision_levels():
    assert time_features(torch.tensor([0.7], dtype=torch.bfloat16), 4).dtype == torch.float32


def test_a_token_sees_its_patch_alone():
    embed = TokenEmbed(TINY)
    inputs = torch.zeros(1, 6, 16, 32)
    before = embed(inputs, torch.zeros(1, 3, 4, 8))
    inputs[..., 4:8, 24:28] = 1  # second row of patches, and the third column of the second block
    changed = (embed(inputs, torch.zeros(1, 3, 4, 8)) - before).abs().amax(dim=-1)
    assert changed.nonzero().tolist() == [[0, 0, 1, 1 * 4 + 2]]


def test_base_features_are_added_to_the_tokens_of_their_place():
    embed = TokenEmbed(TINY_REFINER)
    inputs, features = torch.zeros(1, 6, 16, 16), torch.zeros(1, 6, 4, 4)
    before = embed(inputs, features)
    features[..., 2:, :2] = 1
    changed = (embed(inputs, features) - before).abs().amax(dim=-1)
    assert changed.nonzero().tolist() == [[0, 0, 0, 2]]


def test_only_models_with_a_base_add_lr_features():
    assert TokenEmbed(TINY).lr_to_tokens is None


def test_only_models_with_a_vector_embed_one():
    assert ConditionEmbed(replace(TINY, vector_dim=0)).vector is None


def test_a_model_with_a_vector_insists_on_it():
    with pytest.raises(ValueError, match="vector"):
        ConditionEmbed(TINY)(torch.zeros(1), None)
