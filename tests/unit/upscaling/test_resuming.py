"""An unfinished run is taken up by the same job, and dropped by any other, which says why."""

from types import SimpleNamespace

import pytest
import torch

from infdit_cli.config import UpscaleOptions
from infdit_cli.errors import DoesNotFit
from infdit_cli.geometry import Size
from infdit_cli.images import SourceImage
from infdit_cli.metadata import Metadata
from infdit_cli.plan import Layout, Route
from infdit_cli.tiles import JOURNAL, JobFolder, Journal
from infdit_cli.upscaling import resuming
from infdit_cli.upscaling.leg_record import LegRecord, pass_stage
from infdit_cli.upscaling.resuming import open_journal
from support.pictures import noise

FIRST, OTHER = Layout(order="block", super_block=Size(1, 2)), Layout(order="step", super_block=Size(3, 3))
PICTURE = SourceImage(rgb=noise(5, 7), alpha=None, grey=False, metadata=Metadata())
ROUTE = Route(source=PICTURE.size, passes=(Size(20, 28),), target=Size(20, 28), fidelity=0)
LEG = LegRecord(number=pass_stage(0), leg=1, num_legs=4, top=0, bottom=5, pixels="")


def plans_of(*layouts):
    return tuple(SimpleNamespace(layout=layout) for layout in layouts)


def job(*, told="a picture", layout=FIRST, fresh=False, refusal=None):
    """Return what ``open_journal`` looks at of a job; ``refusal`` is why other blocks do not fit."""

    def plans(route, *, like):
        assert route is ROUTE
        if refusal:
            raise refusal
        return plans_of(*like)

    return SimpleNamespace(
        told={"the input": told},
        options=UpscaleOptions(fresh=fresh),
        picture=PICTURE,
        route=ROUTE,
        upscaler=SimpleNamespace(vector=lambda source, *, size: torch.tensor([[0.25, -0.5]])),
        plans=plans_of(layout),
        planner=SimpleNamespace(plans=plans),
    )


@pytest.fixture(autouse=True)
def _identity_is_what_the_job_says(monkeypatch):
    monkeypatch.setattr(resuming, "identity", lambda job: job.told)


@pytest.fixture
def folder(tmp_path):
    with JobFolder(tmp_path / "out.png", tmp_path) as folder:
        yield folder


@pytest.fixture
def begun(folder):
    """Leave what a run leaves that is broken off after its first leg, and return its journal's file."""
    open_journal(folder, job(), pytest.fail)
    (folder.path / "picture.raw").write_bytes(b"pixels")
    Journal(folder.path / JOURNAL).append(LEG.to_record())
    return folder.path / JOURNAL


def opened(folder, job):
    """Return the vector, the layouts that are walked, and what was told."""
    notes = []
    journal, plans = open_journal(folder, job, notes.append)
    return journal.vector, [plan.layout for plan in plans], notes


def assert_dropped(folder, job, *notes):
    _, layouts, told = opened(folder, job)
    assert (layouts, told) == ([plan.layout for plan in job.plans], list(notes))
    assert not (folder.path / "picture.raw").exists()
    assert len(Journal(folder.path / JOURNAL).records) == 1
    assert not folder.is_worth_keeping


def assert_taken_up(folder, job, *notes):
    vector, layouts, told = opened(folder, job)
    assert (vector.tolist(), layouts, told) == ([[0.25, -0.5]], [FIRST], list(notes))
    assert (folder.path / "picture.raw").exists()
    assert folder.is_worth_keeping


def test_the_same_job_goes_on_with_the_blocks_and_the_vector_of_the_first_run(folder, begun):
    assert_taken_up(folder, job(layout=OTHER))


def test_a_run_that_has_come_to_nothing_is_dropped_without_a_word(folder):
    open_journal(folder, job(), pytest.fail)
    assert_dropped(folder, job(layout=OTHER))


def test_with_fresh_it_is_dropped_without_a_word(folder, begun):
    assert_dropped(folder, job(fresh=True))


def test_it_is_dropped_for_another_job(folder, begun):
    note = "an unfinished run was discarded, because this differs: the input"
    assert_dropped(folder, job(told="another picture", layout=OTHER), note)


def test_it_is_dropped_if_another_version_began_it(folder, begun, monkeypatch):
    monkeypatch.setattr("infdit_cli.upscaling.job_journal.SCHEMA", "infdit-journal/2")
    note = "an unfinished run was discarded, because another version of infdit began it"
    assert_dropped(folder, job(layout=OTHER), note)


def test_it_is_dropped_if_its_blocks_no_longer_fit(folder, begun):
    note = "an unfinished run was discarded, because there is less memory now: it needs more"
    assert_dropped(folder, job(layout=OTHER, refusal=DoesNotFit("it needs more")), note)


def test_what_comes_before_the_damage_of_a_journal_is_taken_up(folder, begun):
    sound = begun.read_bytes()
    begun.write_bytes(sound + b"damage\n")
    note = "the journal of an unfinished run is damaged; what follows the damage is done again"
    assert_taken_up(folder, job(), note)


def test_a_journal_that_is_damaged_at_its_beginning_is_dropped(folder, begun):
    begun.write_bytes(b"damage\n" + begun.read_bytes())
    note = "the journal of an unfinished run is damaged; what follows the damage is done again"
    assert_dropped(folder, job(layout=OTHER), note)
