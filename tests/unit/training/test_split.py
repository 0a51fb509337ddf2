"""Pictures are held aside by their names alone, as long as they are whole."""

import pytest

from infdit_cli.training.dataset import list_training_pictures
from infdit_cli.training.split import split_validation
from support.photos import make_folder, smooth_noise


@pytest.fixture
def pictures(tmp_path):
    folder = make_folder(tmp_path, count=48)
    return list_training_pictures(folder, min_side_px=16, on_skip=pytest.fail).pictures


def split(pictures, on_skip=pytest.fail):
    training, held = split_validation(pictures, unit_px=16, on_skip=on_skip)
    return training, [each.picture for each in held]


def damage(picture):
    picture.path.write_bytes(picture.path.read_bytes()[:-2000])


def test_the_split_is_stable_and_disjoint(pictures):
    training, held = split(pictures)
    assert len(held) == 2
    assert {*training, *held} == {*pictures}
    assert not {*training} & {*held}
    assert split(pictures[::-1]) == (training, held)


def test_these_names_have_always_been_held_aside(pictures):
    assert [picture.path.name for picture in split(pictures)[1]] == ["picture-28.png", "picture-0.png"]


def test_the_next_one_takes_the_place_of_a_damaged_one(pictures):
    training, [first, second] = split(pictures)
    damage(first)
    told = []
    assert split(pictures, told.append) == (training[1:], [second, training[0]])
    [text] = told
    assert first.path.name in text
    assert text.endswith("; it is left out")


def test_the_next_one_takes_the_place_of_one_that_has_become_smaller_than_a_block(pictures):
    training, [first, second] = split(pictures)
    smooth_noise(80, 15, seed=0).save(first.path)
    told = []
    assert split(pictures, told.append) == (training[1:], [second, training[0]])
    assert told == [f"{first.path} is smaller than it was; it is left out"]


def test_a_single_whole_picture_serves_both_sides(pictures):
    few = pictures[:2]
    _, [held] = split(few)
    [other] = [each for each in few if each != held]
    assert split([held]) == ([held], [held])
    damage(held)
    assert split(few, str) == ([other], [other])


def test_of_nothing_but_damaged_pictures_none_is_held_aside(pictures):
    for picture in pictures[:2]:
        damage(picture)
    assert split(pictures[:2], str)[1] == []


def test_centres_are_whole_blocks(pictures):
    [held] = split_validation(pictures[:1], unit_px=32, on_skip=pytest.fail)[1]
    assert held.centre.shape == (64, 64, 3)
