"""Random numbers of training steps."""

import torch

from infdit_cli.training.chance import generator_of


def test_the_same_numbers_give_the_same_chance_wherever_it_runs():
    # What torch and numpy promise: a resumed run goes on with these on another machine, too.
    assert torch.randint(1000, (4,), generator=generator_of(3, 70)).tolist() == [693, 643, 381, 747]


def test_every_number_counts_and_so_does_its_place():
    places = [(0, 0), (1, 0), (0, 1), (2**80, 1)]
    assert len({generator_of(*place).initial_seed() for place in places}) == len(places)
