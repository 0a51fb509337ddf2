"""What was written down of a stage is what the next run takes up, and never more than is still there."""

import os

import pytest
import torch

from infdit_cli.engine import LegDone
from infdit_cli.engine.held import HeldCanvas
from infdit_cli.errors import DiskFull
from infdit_cli.geometry import Rect, Size
from infdit_cli.tiles import JOURNAL, JobFolder, Journal, Spool
from infdit_cli.upscaling import stage_journal
from infdit_cli.upscaling.journal_pace import JournalPace
from infdit_cli.upscaling.leg_record import alpha_stage, finished_stage, missing_stage, pass_stage
from infdit_cli.upscaling.paint import StageOutput, keeping
from infdit_cli.upscaling.stage_journal import StageJournal
from infdit_cli.upscaling.workplace import SCRATCH
from support.journals import HEADER

CPU = torch.device("cpu")
SIZE = Size(4, 6)  # a leg is a row of pixels
NUM_LEGS = SIZE.height
FIRST_PASS = pass_stage(0)


class Runs:
    """Runs of a job in the same folder; only what lies there passes from one to the next."""

    def __init__(self, folder, spool):
        self.folder, self.spool = folder, spool
        self.notes, self.now_s = [], 0.0

    def stage(self, number=FIRST_PASS):
        journal = Journal(self.folder.path / JOURNAL)
        if not journal.records:
            journal.append(HEADER.to_record())
        return StageJournal(
            self.folder,
            journal,
            number,
            StageOutput(self.spool, keeping(self.spool)),
            pace=JournalPace(lambda: self.now_s),
            on_note=self.notes.append,
        )

    def do(self, done, *legs, seconds=0.0):
        """Do ``legs``, counted from 1; writing each down takes ``seconds``."""
        for leg in legs:
            done.paint(Rect(leg - 1, 0, leg, SIZE.width), torch.full((1, 3, 1, SIZE.width), leg / 10))
            done.on_leg(LegDone(leg, NUM_LEGS, self._held(leg, seconds) if leg < NUM_LEGS else ()))

    def _held(self, leg, seconds):
        self.now_s += seconds
        yield HeldCanvas(Rect(0, 0, 1, 1), (torch.full((2,), float(leg)),))

    def damage_row(self, row):
        self.spool.write(
            Rect(row, 0, row + 1, SIZE.width), self.spool.read(Rect(row, 0, row + 1, SIZE.width)) + 1
        )

    @property
    def snapshots(self):
        return sorted(path.name for path in self.folder.path.glob("*.held"))


@pytest.fixture
def run(tmp_path):
    with (
        JobFolder(tmp_path / "out.png", tmp_path) as folder,
        Spool(folder.path / "picture.raw", SIZE, SCRATCH) as spool,
    ):
        yield Runs(folder, spool)


def held_by(done):
    """Return the legs after which was held what ``done`` goes on with."""
    return [int(each.tensors[0][0]) for each in done.resume(CPU).held]


def test_nothing_is_done_at_first_and_nothing_worth_keeping(run):
    done = run.stage()
    assert (done.is_done, done.num_legs_done, held_by(done)) == (False, 0, [])
    assert not run.folder.is_worth_keeping
    run.do(done, 1)
    assert run.folder.is_worth_keeping


def test_the_next_run_goes_on_after_the_last_leg_with_what_was_held_then(run):
    run.do(run.stage(), 1, 2, 3)
    again = run.stage()
    assert (again.num_legs_done, again.resume(CPU).num_done, held_by(again)) == (3, 3, [3])
    run.do(again, 4)
    assert run.stage().is_done


def test_two_snapshots_are_kept_and_none_of_a_pass_that_is_done(run):
    done = run.stage()
    run.do(done, 1, 2, 3)
    assert run.snapshots == ["pass-0-leg-2.held", "pass-0-leg-3.held"]
    run.do(done, 4)
    assert run.snapshots == []


@pytest.mark.parametrize("damage", [lambda path: os.truncate(path, 10), os.unlink], ids=["torn", "gone"])
def test_a_damaged_snapshot_falls_back_one_leg(run, damage):
    run.do(run.stage(), 1, 2, 3)
    damage(run.folder.path / "pass-0-leg-3.held")
    again = run.stage()
    assert (again.num_legs_done, held_by(again)) == (2, [2])
    run.do(again, 3, 4)
    assert run.stage().is_done


def test_two_damaged_snapshots_cost_all(run):
    run.do(run.stage(), 1, 2, 3)
    for name in run.snapshots:
        os.truncate(run.folder.path / name, 10)
    assert run.stage().num_legs_done == 0


# The snapshot after the first leg is gone by then.
@pytest.mark.parametrize(("row", "num_legs"), [(0, 0), (1, 0), (2, 2)])
def test_no_leg_counts_from_the_first_damaged_pixel_on(run, row, num_legs):
    run.do(run.stage(), 1, 2, 3)
    run.damage_row(row)
    again = run.stage()
    assert again.num_legs_done == num_legs
    assert len(Journal(run.folder.path / JOURNAL).records) == 4  # until a leg is done again
    run.do(again, num_legs + 1)
    assert len(Journal(run.folder.path / JOURNAL).records) == 2 + num_legs


def test_a_stage_that_was_done_is_done_again_if_its_pixels_are_damaged(run):
    run.do(run.stage(), 1, 2, 3, 4)
    run.damage_row(3)
    again = run.stage()
    assert (again.is_done, again.num_legs_done) == (False, 0)


def test_costly_writing_is_skipped_and_the_last_leg_is_always_noted(run):
    done = run.stage()
    run.do(done, 1, 2, 3, seconds=10)
    assert run.stage().num_legs_done == 1
    run.do(done, 4, seconds=10)
    assert run.stage().is_done
    # One record covers the rows of all legs since the one before.
    rows = [
        (each["leg"]["top"], each["leg"]["bottom"]) for each in Journal(run.folder.path / JOURNAL).records[1:]
    ]
    assert rows == [(0, 1), (1, 4)]


def test_a_disk_without_room_for_snapshots_is_told_once_and_the_last_leg_is_noted(run, monkeypatch):
    def full(*_, **__):
        raise DiskFull("no room")

    monkeypatch.setattr(stage_journal, "save_snapshot", full)
    done = run.stage()
    run.do(done, 1, 2, 3)
    assert run.notes == ["progress can no longer be written down: no room"]
    assert (run.stage().num_legs_done, run.folder.is_worth_keeping) == (0, False)
    run.do(done, 4)
    assert run.stage().is_done


def test_a_stage_begins_where_the_records_of_those_before_it_end(run):
    run.do(run.stage(FIRST_PASS), 1, 2, 3, 4)
    second = run.stage(pass_stage(1))
    assert (second.is_done, second.num_legs_done) == (False, 0)
    run.do(second, 1, 2)
    assert run.stage(FIRST_PASS).is_done
    assert run.stage(pass_stage(1)).num_legs_done == 2


def test_alpha_has_its_turn_before_the_passes_and_what_is_worked_on_them_after(run):
    stages = [alpha_stage(), pass_stage(0), pass_stage(1), missing_stage(2), finished_stage(2)]
    for number in stages:
        run.do(run.stage(number), 1, 2, 3, 4)
    assert all(run.stage(number).is_done for number in stages)
    assert [each["leg"]["number"] for each in Journal(run.folder.path / JOURNAL).records[1::4]] == [
        -1,
        0,
        1,
        2,
        3,
    ]
