"""What is kept of a run that is broken off, what takes it up, and what does not."""

import os
import shutil

import pytest

from infdit_cli.errors import DiskFull, DoesNotFit, OutputExists
from infdit_cli.events import Kept, Started
from infdit_cli.files import mark
from infdit_cli.tiles import encode
from infdit_cli.upscaling.planning import Planner
from support.faults import file_size_limit
from support.jobs import Job, Log, picture, tiny_weights
from support.journals import write_every_leg_down

# 4 rows of 3 blocks, twice each.
NUM_VISITS, ROW = 24, 6


@pytest.fixture(autouse=True)
def _every_leg_is_written_down(monkeypatch):
    write_every_leg_down(monkeypatch)


@pytest.fixture
def job(tmp_path):
    job = Job(tmp_path)
    job.run("whole.png")
    return job


def kept(job):
    return job.folder / mark(job.folder / "out.png")


def assert_ends_well(job, num_visits, **changed):
    """Run to the end; the result must be that of a run that was never broken off."""
    log = job.run(**changed)
    job.run("fresh.png", **changed | {"overwrite": True})
    assert job.result() == job.result("fresh.png")
    assert job.hidden == []
    assert log.num_visits == num_visits
    return log


def test_a_run_goes_on_after_its_last_row_and_says_so(job):
    broken = job.run(stop_after=2 * ROW + 3)
    assert isinstance(broken.events[-1], Kept)
    log = assert_ends_well(job, NUM_VISITS - 2 * ROW)
    assert log.notes == ["resuming an unfinished run, 50% done"]
    assert [(each.num_done, each.num_visits) for each in log.started] == [(2 * ROW, NUM_VISITS)]


@pytest.mark.parametrize("fresh", [False, True])
def test_who_started_over_hears_that_the_same_command_would_again(job, fresh):
    job.run(stop_after=ROW)
    assert job.run(stop_after=ROW, fresh=fresh).events[-1] == Kept(fresh=fresh)


def test_before_its_first_row_is_done_nothing_is_kept(job):
    broken = job.run(stop_after=ROW - 1)
    assert not any(isinstance(event, Kept) for event in broken.events)
    assert job.hidden == []


def test_an_error_keeps_what_is_done_too(job):
    log = Log(ROW, error=RuntimeError)
    with pytest.raises(RuntimeError):
        job.run(log=log)
    assert isinstance(log.events[-1], Kept)
    assert_ends_well(job, NUM_VISITS - ROW)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"seed": 5}, "--seed"),
        ({"steps": 3}, "the sampler"),
        ({"sampler": "heun"}, "the sampler"),
        ({"dtype": "bfloat16"}, "the weights, --restore or the number format"),
        ({"order": "step"}, "--order"),
        ({"block_batch": (2, 1)}, "--block-batch"),
        ({"scale": 2}, "the output's pixels"),
    ],
    ids=str,
)
def test_with_another_option_it_starts_over_and_says_why(job, changed, told):
    job.run(stop_after=2 * ROW)
    log = job.run(**changed)
    assert log.notes == [f"an unfinished run was discarded, because this differs: {told}"]
    assert log.started[0].num_done == 0
    job.run("fresh.png", **changed)
    assert job.result() == job.result("fresh.png")


@pytest.mark.parametrize("changed", [{"steps": 2}, {"memory": None}, {"overwrite": True}, {"device": "cpu"}])
def test_options_that_change_no_pixel_go_on(job, changed):
    job.run(stop_after=2 * ROW)
    assert_ends_well(job, NUM_VISITS - 2 * ROW, **changed)


def test_another_input_starts_over(job):
    job.run(stop_after=2 * ROW)
    picture(job.source, 14, 10, seed=9)
    log = assert_ends_well(job, NUM_VISITS)
    assert log.notes == ["an unfinished run was discarded, because this differs: the input"]


def test_other_weights_start_over(job):
    job.run(stop_after=2 * ROW)
    tiny_weights(job.weights, seed=9)
    log = assert_ends_well(job, NUM_VISITS)
    assert log.notes == [
        "an unfinished run was discarded, because this differs: the weights, --restore or the number format"
    ]


@pytest.mark.parametrize(
    "what", ["infdit_cli.upscaling.identity.PIXELS", "infdit_cli.upscaling.identity.__version__"]
)
def test_another_version_starts_over(job, monkeypatch, what):
    job.run(stop_after=2 * ROW)
    monkeypatch.setattr(what, "99")
    log = assert_ends_well(job, NUM_VISITS)
    assert log.notes == ["an unfinished run was discarded, because this differs: the version of infdit"]


def test_a_journal_of_another_schema_starts_over(job, monkeypatch):
    monkeypatch.setattr("infdit_cli.upscaling.job_journal.SCHEMA", "infdit-journal/0")
    job.run(stop_after=2 * ROW)
    monkeypatch.undo()
    log = assert_ends_well(job, NUM_VISITS)
    assert log.notes == ["an unfinished run was discarded, because another version of infdit began it"]


def test_fresh_starts_over_without_a_word(job):
    job.run(stop_after=2 * ROW)
    log = assert_ends_well(job, NUM_VISITS, fresh=True)
    assert log.notes == []


def holding_the_same(monkeypatch):
    """Let the process always hold as much as the last time, or no two plans are alike."""
    for module in ("job", "models"):
        monkeypatch.setattr(f"infdit_cli.upscaling.{module}.resident_bytes", lambda: 1 << 28)


def test_the_blocks_of_the_first_run_are_taken_again_whatever_would_be_planned_now(tmp_path, monkeypatch):
    job = Job(tmp_path, block_batch=None)
    holding_the_same(monkeypatch)
    monkeypatch.setattr("infdit_cli.engine.device_traits.MAX_TOKENS", {"cpu": 4})
    whole = job.run("whole.png")
    num_visits = whole.num_visits
    job.run(stop_after=2 * ROW)
    monkeypatch.undo()
    holding_the_same(monkeypatch)
    write_every_leg_down(monkeypatch)
    other = job.run("other.png")
    assert other.num_visits < num_visits
    resumed = job.run()
    assert resumed.num_visits == num_visits - 2 * ROW
    assert job.result() == job.result("whole.png")
    assert resumed.result.planned_bytes == whole.result.planned_bytes < other.result.planned_bytes


def test_blocks_that_no_longer_fit_start_over(job, monkeypatch):
    plans = Planner.plans

    def no_room(self, *args, like=None):
        if like:
            raise DoesNotFit("the picture needs more")
        return plans(self, *args)

    job.run(stop_after=2 * ROW)
    monkeypatch.setattr(Planner, "plans", no_room)
    log = assert_ends_well(job, NUM_VISITS)
    assert log.notes == [
        "an unfinished run was discarded, because there is less memory now: the picture needs more"
    ]


@pytest.mark.parametrize("name", ["picture.raw", "pass-0.raw", "journal", "snapshot"])
def test_damage_anywhere_costs_work_and_never_a_pixel(job, name):
    job.run(stop_after=3 * ROW)
    snapshots = sorted(kept(job).glob("*.held"))
    assert [each.name for each in snapshots] == ["pass-0-leg-2.held", "pass-0-leg-3.held"]
    path = snapshots[-1] if name == "snapshot" else kept(job) / name
    pristine = {each: each.read_bytes() for each in kept(job).iterdir()}
    for part in (0.001, 0.3, 0.6, 0.9):
        data = bytearray(pristine[path])
        data[int(part * len(data))] ^= 0x55
        kept(job).mkdir(exist_ok=True)
        for each, content in pristine.items():
            each.write_bytes(data if each == path else content)
        log = job.run()
        assert job.result() == job.result("whole.png"), f"{name} at {part}"
        assert NUM_VISITS - 3 * ROW <= log.num_visits <= NUM_VISITS
        (job.folder / "out.png").unlink()
    assert job.hidden == []


def test_a_damaged_snapshot_costs_one_row(job):
    job.run(stop_after=3 * ROW)
    os.truncate(kept(job) / "pass-0-leg-3.held", 100)
    assert_ends_well(job, NUM_VISITS - 2 * ROW)


@pytest.mark.parametrize("gone", ["pass-0.raw", "journal", "pass-0-leg-*.held"])
def test_a_file_that_is_gone_costs_all(job, gone):
    job.run(stop_after=3 * ROW)
    for path in kept(job).glob(gone):
        path.unlink()
    assert_ends_well(job, NUM_VISITS)


def test_a_disk_without_room_for_snapshots_is_a_note_and_the_run_goes_on(tmp_path):
    job = Job(tmp_path, fidelity=0)  # the picture on the way would be larger than any snapshot
    job.run("whole.png")
    raw_bytes = 56 * 40 * 3
    with file_size_limit(max(raw_bytes, len(job.result("whole.png"))) + 100):
        log = job.run()
    assert [note.split(":")[0] for note in log.notes] == ["progress can no longer be written down"]
    assert log.num_visits == NUM_VISITS
    assert job.result() == job.result("whole.png")
    assert job.hidden == []


def test_a_disk_that_fills_up_while_encoding_keeps_everything(job, monkeypatch):
    def full(*_, **__):
        raise DiskFull("no room for the picture")

    with monkeypatch.context() as patch:
        patch.setattr("infdit_cli.upscaling.computing.encode", full)
        with pytest.raises(DiskFull):
            job.run()
    assert not list(kept(job).glob("*.held"))
    assert_ends_well(job, 0)


def test_a_file_that_appears_while_a_run_works_stays_and_so_does_the_work(job, monkeypatch):
    output = job.folder / "out.png"

    def meanwhile(*args, **options):
        output.write_text("mine")
        encode(*args, **options)

    with monkeypatch.context() as patch:
        patch.setattr("infdit_cli.upscaling.computing.encode", meanwhile)
        with pytest.raises(OutputExists, match=r"out\.png: already exists"):
            job.run()
    with pytest.raises(OutputExists):
        job.run()
    assert output.read_text() == "mine"
    assert job.run(overwrite=True).num_visits == 0
    assert job.result() == job.result("whole.png")
    assert job.hidden == []


@pytest.mark.parametrize(("num_pieces", "num_kept"), [(1, 0), (7, 6), (12, 12), (13, 12), (20, 18)])
def test_a_run_that_is_broken_off_while_finishing_goes_on_after_its_last_row(
    tmp_path, monkeypatch, num_pieces, num_kept
):
    monkeypatch.setattr("infdit_cli.plan.finishing.WINDOW_PX", 16)
    monkeypatch.setattr("infdit_cli.plan.finishing.MOST_PX", 16)
    job = Job(tmp_path)
    job.run("whole.png")
    assert isinstance(job.run(stop_after=NUM_VISITS + num_pieces).events[-1], Kept)
    log = job.run()
    [finishing] = (event for event in log.events if isinstance(event, Started))
    # Four rows of three pieces for what lacks, and as many for the picture.
    assert (finishing.detail, finishing.num_done, finishing.num_visits) == ("finishing", num_kept, 24)
    assert job.result() == job.result("whole.png")
    assert job.hidden == []


def test_a_chain_does_not_do_a_pass_again_that_is_done(tmp_path):
    job = Job(tmp_path, height=5, width=4, scale=16)
    whole = job.run("whole.png")
    first, second = (each.num_visits for each in whole.started)
    job.run(stop_after=first + second // 2)
    resumed = job.run()
    assert [each.detail[-11:] for each in resumed.started] == ["pass 2 of 2"]
    assert second // 2 <= resumed.num_visits < second // 2 + second // 5  # a row of five
    assert job.result() == job.result("whole.png")
    assert job.hidden == []


def test_an_output_that_is_there_is_an_error_as_ever_and_its_leftovers_go(job):
    job.run(stop_after=2 * ROW)
    leftovers = {each.name: each.read_bytes() for each in kept(job).iterdir()}
    job.run()
    kept(job).mkdir()
    for name, content in leftovers.items():
        (kept(job) / name).write_bytes(content)
        os.utime(kept(job) / name, (1, 1))
    with pytest.raises(OutputExists):
        job.run()
    assert job.hidden == []


def test_an_unfinished_run_that_is_to_replace_an_output_outlives_a_refusal(job):
    job.run("out.png")
    job.run(stop_after=2 * ROW, overwrite=True)
    with pytest.raises(OutputExists):
        job.run()
    log = job.run(overwrite=True)
    assert log.num_visits == NUM_VISITS - 2 * ROW
    assert job.hidden == []


def test_working_files_on_another_disk_leave_nothing_on_either(job):
    (job.folder / "fast").mkdir()
    job.run(stop_after=2 * ROW, spool=job.folder / "fast")
    assert [each.name for each in (job.folder / "fast").iterdir()] == job.hidden
    assert_ends_well(job, NUM_VISITS - 2 * ROW, spool=job.folder / "fast")
    assert not list((job.folder / "fast").iterdir())


@pytest.mark.parametrize("spools", [(None, "fast"), ("fast", None), ("fast", "other")], ids=str)
def test_going_on_in_another_folder_starts_over_and_leaves_nothing_in_either(job, spools):
    first, then = (name and job.folder / name for name in spools)
    for name in ("fast", "other"):
        (job.folder / name).mkdir()
    job.run(stop_after=2 * ROW, spool=first)
    assert_ends_well(job, NUM_VISITS, spool=then)
    assert not [*(job.folder / "fast").iterdir(), *(job.folder / "other").iterdir()]
    assert job.hidden == []


def test_room_that_an_unfinished_run_has_taken_is_not_asked_for_twice(job, monkeypatch):
    job.run(stop_after=2 * ROW)
    taken = sum(each.stat().st_size for each in kept(job).iterdir())
    encoded_bytes = 10_000

    class Usage:
        free = encoded_bytes

    assert taken > 56 * 40 * 3
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage)
    assert job.run().num_visits == NUM_VISITS - 2 * ROW
