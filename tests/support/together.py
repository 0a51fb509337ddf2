"""What a process that trains with others does; here, so that a new interpreter can import it."""

import os

import torch

from infdit_cli.training.workers import called_workers, joined

CPU = torch.device("cpu")


def work_together(rank: int, port: int, told) -> None:
    os.environ |= {
        "RANK": str(rank),
        "WORLD_SIZE": "2",
        "MASTER_ADDR": "127.0.0.1",
        "MASTER_PORT": str(port),
    }
    workers = called_workers()
    with joined(workers, CPU):
        layer = torch.nn.Linear(2, 1)
        layer.requires_grad_(requires_grad=True)
        layer.weight.grad = torch.full_like(layer.weight, float(rank))
        layer.bias.grad = torch.full_like(layer.bias, 10.0 * rank)
        workers.average_gradients(layer.parameters())
        agreed = workers.agree(7.25 + rank, CPU)
        told.put((rank, layer.weight.grad.tolist(), layer.bias.grad.tolist(), agreed, workers.is_first))
