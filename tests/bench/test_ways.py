"""The ways that the scripts in bench/ compare compute the same; how fast they are is not tested."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from attention import flex, gathered, merged, random_case
from infdit_cli.config import COMPACT
from transformer import Case, as_it_is, compiled

BENCH = Path(__file__).parents[2] / "bench"
SMALL = replace(COMPACT, num_layers=2, hidden_size=64, num_heads=2)


def largest_difference(way, blocks, *, device="cpu", dtype=torch.float32):
    case = random_case(SMALL, blocks, device=torch.device(device), dtype=dtype)
    with torch.inference_mode():
        return (way(case)() - gathered(case)()).abs().max().item()


@pytest.mark.parametrize("blocks", [1, 2, 3])
def test_merging_by_log_sum_exp_is_attention_to_four_blocks(blocks):
    assert largest_difference(merged, blocks) < 1e-5


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_block_mask_is_attention_to_four_blocks():
    assert largest_difference(flex, 3) < 1e-5


@pytest.mark.gpu
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("way", [merged, flex])
@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 2e-3), (torch.bfloat16, 5e-2)])
def test_each_way_is_attention_to_four_blocks_on_a_gpu(way, dtype, tolerance):
    assert largest_difference(way, 3, device="cuda", dtype=dtype) < tolerance


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_compiled_transformer_is_the_transformer():
    case = Case(SMALL, 2, device=torch.device("cpu"), dtype=torch.float32)
    with torch.inference_mode():
        expected = as_it_is(case)()
        assert expected.abs().mean() > 0.01
        assert torch.allclose(compiled(case)(), expected, atol=1e-4)


def run(script, *arguments):
    return subprocess.run(
        [sys.executable, BENCH / script, "--blocks", "1", "--seconds", "0.001", *arguments],
        capture_output=True,
        text=True,
        check=False,
        timeout=200,
    )


def test_a_script_compares_what_it_is_asked_for():
    done = run("attention.py", "--only", "merged")
    assert done.returncode == 0
    heading, *rows = done.stdout.splitlines()
    assert heading.split() == ["median", "+-", "first", "run", "differs", "by", "peak"]
    assert [row.split()[0] for row in rows] == ["gathered", "merged"]


def test_an_unknown_way_is_named_and_the_known_ones_are():
    done = run("transformer.py", "--only", "merged")
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == "--only takes one of compiled, graph"
