"""What is compiled gives the same; where nothing can be, that is said before any work."""

from functools import partial

import pytest
import torch

from infdit_cli.errors import TrainingError
from infdit_cli.perception import packaged_dists
from infdit_cli.training.compiling import compiled
from support.feature_networks import install_feature_networks

CPU = torch.device("cpu")


@pytest.fixture
def traced(monkeypatch):
    """Have the compiler trace, and leave out the part that wants another compiler on the machine."""
    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend="eager", fullgraph=True))


def test_dists_and_its_gradient_are_the_same_when_it_is_compiled(tmp_path, monkeypatch, traced):
    monkeypatch.syspath_prepend(install_feature_networks(tmp_path))
    dists, truth = packaged_dists(CPU).distances, torch.rand(2, 3, 48, 64)
    found = []
    for distances in (dists, compiled(dists, CPU)):
        predicted = truth.flip(3).requires_grad_()
        with torch.autocast("cpu", torch.bfloat16):
            distance = distances(predicted, truth)
        [gradient] = torch.autograd.grad(distance.sum(), predicted)
        found.append((distance, gradient))
    plain, fast = found
    assert plain[0].min() > 0
    torch.testing.assert_close(fast, plain)


def test_where_torch_cannot_compile_it_says_so(monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("No working C++ compiler found\nand so on")

    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend=broken))
    with pytest.raises(TrainingError, match="torch cannot compile for cpu here: ") as caught:
        compiled(torch.maximum, CPU)
    assert "and so on" not in caught.value.message
    assert "--compile" in (caught.value.hint or "")
