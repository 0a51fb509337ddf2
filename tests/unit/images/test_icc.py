"""Colour profiles: what every writer takes, and what some would refuse the picture for."""

import pytest

from infdit_cli.images.icc import fitting_profile
from support.pictures import GREY_PROFILE, SRGB, cmyk_profile, p3_profile

DAMAGED = "the colour profile is damaged and was dropped"
OTHER = "the colour profile does not fit the pixels and was dropped"


def with_bytes(place, data):
    return SRGB[:place] + data + SRGB[place + len(data) :]


@pytest.mark.parametrize("profile", [SRGB, p3_profile()])
def test_a_sound_profile_of_colours_stays_as_it_is(profile):
    assert fitting_profile(profile, grey=False) == (profile, ())


def test_a_profile_is_one_for_grey_or_for_colours():
    assert fitting_profile(GREY_PROFILE, grey=True) == (GREY_PROFILE, ())
    assert fitting_profile(GREY_PROFILE, grey=False) == (None, (OTHER,))
    assert fitting_profile(SRGB, grey=True) == (None, (OTHER,))
    assert fitting_profile(cmyk_profile(), grey=False) == (None, (OTHER,))


@pytest.mark.parametrize("nothing", [None, b""])
def test_no_profile_is_no_news(nothing):
    assert fitting_profile(nothing, grey=False) == (None, ())


def test_what_follows_the_end_is_left_out():
    assert fitting_profile(SRGB + bytes(3), grey=False) == (SRGB, ())


@pytest.mark.parametrize(
    "profile",
    [
        SRGB[:-4],
        SRGB[:130],
        b"profile",
        with_bytes(0, b"\0\0\xff\xff"),
        with_bytes(12, b"link"),
        with_bytes(20, b"RGB "),
        with_bytes(36, b"bscp"),
        with_bytes(128, b"\0\0\xff\xff"),
        with_bytes(136, b"\0\xff\0\0"),
    ],
    ids=["cut", "no tags", "text", "size", "device", "space", "signature", "number of tags", "a tag's place"],
)
def test_a_damaged_profile_is_dropped_and_said(profile):
    assert fitting_profile(profile, grey=False) == (None, (DAMAGED,))
