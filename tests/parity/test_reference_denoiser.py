"""The denoiser against the original's numbers: every case, whole tensors, float32."""

import pytest

from support.closeness import assert_close
from support.golden import PARITY, denoise_case, load_case, reference_model

CASES = [(path.parent.name, path.stem) for path in sorted(PARITY.glob("*/denoise_*.safetensors"))]


def test_all_cases_are_there():
    assert len(CASES) == 8


@pytest.mark.parametrize(("name", "case_name"), [each for each in CASES if each[1] != "denoise_batch2"])
def test_denoiser_gives_the_originals_picture_at_every_sigma(name, case_name):
    model, case = reference_model(name), load_case(name, case_name)
    for index, sigma in enumerate(case["sigma"]):
        one = slice(index, index + 1)
        denoised, raw = denoise_case(model, case, case["x"][one], case["sigma"][one])
        assert_close(denoised, case["denoised"][one], "denoised", f"{name}/{case_name} at {sigma:g}")
    if "net_out" in case:
        assert_close(raw, case["net_out"], "net_out", f"{name}/{case_name}")


def test_pictures_of_a_batch_have_their_own_sigma_and_vector():
    model, case = reference_model("A"), load_case("A", "denoise_batch2")
    denoised, _ = denoise_case(model, case, case["x"], case["sigma"])
    assert_close(denoised, case["denoised"], "denoised", "A/denoise_batch2")
