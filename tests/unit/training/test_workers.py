"""Processes that train together: two of them, over gloo, on the CPU."""

import os
import signal
import socket
import threading

import pytest
import torch
from torch import multiprocessing

from infdit_cli.errors import OptionError, TrainingError
from infdit_cli.training.workers import Workers, called_workers, joined
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
    workers = called_workers()
    with joined(workers, CPU) as device:
        assert (workers, device) == (Workers(0, 1), CPU)
        assert workers.agree(3.5, device) == 3.5


TOLD = {"WORLD_SIZE": "2", "RANK": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "29500"}


def test_torchrun_tells_the_place_of_a_process(monkeypatch):
    for name, value in TOLD.items():
        monkeypatch.setenv(name, value)
    assert called_workers() == Workers(1, 2)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("WORLD_SIZE", "abc", "WORLD_SIZE is 'abc'; it goes from 1 to 999,999 here"),
        ("WORLD_SIZE", "0", "WORLD_SIZE is '0'"),
        ("WORLD_SIZE", "9" * 5000, "WORLD_SIZE is '999"),
        ("RANK", "", "RANK is not set; it goes from 0 to 1 here"),
        ("RANK", "2", "RANK is '2'; it goes from 0 to 1 here"),
        ("RANK", "-1", "RANK is '-1'"),
        ("MASTER_PORT", "70000", "MASTER_PORT is '70000'"),
        ("MASTER_ADDR", "", "MASTER_ADDR is not set"),
    ],
)
def test_variables_that_make_no_sense_are_told(monkeypatch, name, value, words):
    for each, usual in TOLD.items():
        monkeypatch.setenv(each, usual)
    monkeypatch.setenv(name, value)
    with pytest.raises(OptionError) as caught:
        called_workers()
    assert caught.value.message.startswith(words)


def test_others_that_cannot_be_reached_are_an_error_of_training(monkeypatch):
    def refuse(_):
        raise RuntimeError("The server socket has failed to listen")

    monkeypatch.setattr("torch.distributed.init_process_group", refuse)
    with pytest.raises(TrainingError, match="reached: The server socket"), joined(Workers(0, 2), CPU):
        pass


@pytest.fixture
def nobody_comes(monkeypatch):
    """Have torch wait for others until the test is over."""
    over = threading.Event()
    monkeypatch.setattr("torch.distributed.init_process_group", lambda _: over.wait())
    yield
    over.set()


def test_others_that_do_not_come_are_not_waited_for_without_end(monkeypatch, nobody_comes):
    monkeypatch.setattr("infdit_cli.training.workers.JOIN_S", 0.05)
    with (
        pytest.raises(TrainingError, match=r"2 processes are to train together, and not all came within"),
        joined(Workers(0, 2), CPU),
    ):
        pass


def test_a_signal_is_heard_while_others_are_waited_for(nobody_comes):
    threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt), joined(Workers(0, 2), CPU):
        pass
