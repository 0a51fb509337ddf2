"""One evaluation taken apart: each named tensor on the way against the original's."""

from typing import NamedTuple

import pytest
import torch
from einops import rearrange
from torch import Tensor

from infdit_cli.geometry import BlockIndex
from infdit_cli.model import Halo, LRWindow
from infdit_cli.model.embed import time_features
from infdit_cli.model.neighbours import gather_slots
from infdit_cli.model.rope import rotation
from support.closeness import assert_close
from support.golden import denoise_case, load_case, preconditioning, reference_model


class Record(NamedTuple):
    """First positional input, and output, of every submodule that ran."""

    into: dict[str, Tensor]
    out: dict[str, Tensor]


@pytest.fixture(scope="module")
def case():
    return load_case("A", "intermediates")


@pytest.fixture(scope="module")
def ours(case):
    model = reference_model("A")
    record = recorded(model, case)
    return (
        conditioning(model, case, record)
        | attention(model, record)
        | nearby_lr(model, case, record)
        | trunk(model, record)
    )


def recorded(model, case) -> Record:
    record = Record({}, {})

    def remember(name):
        def hook(_module, args, output):
            record.into[name], record.out[name] = args[0], output

        return hook

    hooks = [module.register_forward_hook(remember(name)) for name, module in model.named_modules()]
    record.out["denoised"], record.out["net_out"] = denoise_case(model, case, case["x"], case["sigma"])
    for hook in hooks:
        hook.remove()
    return record


def whole(tokens: Tensor) -> Tensor:
    """Tokens of blocks, [B, n, m, T, ...], as tokens of the picture in raster order."""
    return rearrange(tokens, "b n m (i j) ... -> b (n i m j) ...", i=8)


def conditioning(model, case, record):
    c = preconditioning(model).coefficients(case["sigma"])
    return c._asdict() | {
        "time_features": time_features(c.c_noise, model.config.time_channels),
        "time_embed": record.out["condition.time"],
        "vector_embed": record.out["condition.vector"],
        "cond_embed": record.into["condition.activation"],
        "emb": record.out["condition"],
    }


def attention(model, record):
    attn_in, module = record.into["layers.0.attention.qkv"], model.layers[0].attention
    turn = rotation(model.config, (2, 2), BlockIndex(0, 0), like=attn_in)
    q, own = module.project(attn_in, torch.nn.Identity(), turn)
    last = gather_slots(own, Halo(), module.slot_vectors).k[:, 1, 1]
    return {
        "layer0.adaln": record.out["layers.0.modulation.linear"],
        "layer0.attn_in": whole(attn_in),
        "layer0.q": whole(rearrange(q, "b n m h t d -> b n m t h d")),
        "layer0.k": whole(rearrange(own.k, "b n m h t d -> b n m t h d")),
        "layer0.k_concat_last_block": rearrange(last, "b h t d -> b t h d"),
        "layer0.attn_out": whole(record.out["layers.0.attention.out"]),
    }


def nearby_lr(model, case, record):
    module = model.layers[0].nearby_lr
    tokens = module.tokens(LRWindow(case["lr"]))
    queries = module.queries(record.into["layers.0.nearby_lr.query"])
    return {
        "lr_features": record.out["layers.0.nearby_lr.to_tokens"],
        "lr_tokens": rearrange(module.windows(tokens), "1 n m s d -> (n m) s d"),
        "cross.q_last_block": rearrange(queries[:, 1, 1], "b h t d -> b t h d"),
        "cross.k_last_block": rearrange(
            module.keys_values(module.project(tokens)).k[:, 1, 1], "b h s d -> b s h d"
        ),
        "layer0.cross_out": whole(record.out["layers.0.nearby_lr.out"]),
    }


def trunk(model, record):
    last = record.out[f"layers.{len(model.layers) - 1}"]
    return {
        "patch_tokens": whole(record.out["embed"]),
        "layer0.mlp_in": whole(record.into["layers.0.mlp.up"]),
        **{f"layer{index}.hidden": whole(record.out[f"layers.{index}"]) for index in range(3)},
        "final_layernorm": whole(model.final.norm(last)),
        "final_modulated": whole(record.into["final.linear"]),
        "final_tokens": whole(record.out["final.linear"]),
        "net_out": record.out["net_out"],
        "denoised": record.out["denoised"],
    }


def test_every_intermediate_is_compared(case, ours):
    assert set(ours) == set(case) - {"lr", "concat_lr", "x", "sigma", "vector"}


def test_each_intermediate_is_the_originals(case, ours):
    for name, tensor in ours.items():
        assert_close(tensor.squeeze(), case[name].squeeze(), "intermediate", name)
