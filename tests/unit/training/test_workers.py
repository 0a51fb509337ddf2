"""Processes that train together: two of them, over gloo, on the CPU."""

import socket

import torch
from torch import multiprocessing

from infdit_cli.training.workers import Workers, joined_workers
from support.together import work_together

CPU = torch.device("cpu")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def test_two_processes_have_the_mean_gradient_and_one_clock():
    told = multiprocessing.get_context("spawn").SimpleQueue()
    multiprocessing.start_processes(work_together, (_free_port(), told), nprocs=2, start_method="spawn")
    results = sorted(told.get() for _ in range(2))
    assert results == [
        (0, [[0.5, 0.5]], [5.0], 7.25, True),
        (1, [[0.5, 0.5]], [5.0], 7.25, False),
    ]


def test_no_two_batches_of_all_processes_are_the_same():
    numbers = [Workers(rank, 3).batch_number(step) for step in range(5) for rank in range(3)]
    assert numbers == list(range(15))


def test_alone_nothing_is_sent():
    with joined_workers(CPU) as (workers, device):
        assert (workers, device) == (Workers(0, 1), CPU)
        assert workers.agree(3.5, device) == 3.5
