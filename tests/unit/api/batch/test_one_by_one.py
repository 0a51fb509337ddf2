"""A batch: what overlaps, what one bad picture does to the others, and how it ends early."""

from __future__ import annotations

import threading
from collections import namedtuple
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from infdit_cli.api.batch import background_encoder, models, read_ahead
from infdit_cli.api.batch import one_by_one as batch
from infdit_cli.batch import BatchItem
from infdit_cli.config import UpscaleOptions
from infdit_cli.errors import (
    DeviceUnavailable,
    DiskFull,
    DoesNotFit,
    NonFiniteOutput,
    OutOfMemory,
    OutputError,
    OutputExists,
    OutputNotWritable,
    UnreadableImage,
    WouldShrink,
)
from infdit_cli.events import BatchProgressed, Encoding, Event, Visited
from infdit_cli.files import mark
from infdit_cli.results import FailedPicture, Outcome, SkippedPicture, UpscaleResult
from infdit_cli.target import Target
from infdit_cli.tiles import output_format
from infdit_cli.upscaling.job import ALONE
from infdit_cli.upscaling.models import LoadedModel, load_model
from infdit_cli.upscaling.sharing import Sharing

OPTIONS = UpscaleOptions(steps=0, device="cpu")
Usage = namedtuple("Usage", "total used free")


@cache
def model() -> LoadedModel:
    return load_model(OPTIONS)


@dataclass
class Run:
    """What a batch told."""

    outcomes: list[Outcome] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    @property
    def kinds(self) -> list[type]:
        return [type(each) for each in self.outcomes]

    @property
    def errors(self) -> list[type]:
        return [type(each.error) for each in self.outcomes if isinstance(each, FailedPicture)]


@pytest.fixture
def run(monkeypatch) -> Run:
    monkeypatch.setattr(models, "load_model", lambda *_: model())
    return Run()


@pytest.fixture
def items(tmp_path) -> list[BatchItem]:
    """Four small pictures, to be written into a folder ``out``."""
    (tmp_path / "out").mkdir()
    return [make(tmp_path, f"{index}.png") for index in range(4)]


def make(folder: Path, name: str) -> BatchItem:
    Image.new("RGB", (9, 7), (200, 100, 50)).save(folder / name)
    return BatchItem(
        source=folder / name, destination=folder / "out" / f"{Path(name).stem}_x4.png", nbytes=100
    )


def go(items: list[BatchItem], run: Run, options: UpscaleOptions = OPTIONS, **wishes) -> Run:
    wishes = {"on_event": run.events.append, "on_outcome": run.outcomes.append} | wishes
    batch.upscale_all(items, options, **wishes)
    return run


def names(items: list[BatchItem]) -> list[str]:
    """Return everything in the output folder but what is kept for the next run to go on from."""
    paths = items[0].destination.parent.iterdir()
    return sorted(path.name for path in paths if not (path / "journal").exists())


def fail_at(monkeypatch, place: str, number: int, error: BaseException) -> None:
    """Let the ``number``-th call of a function of the batch raise."""
    module, name = {
        "compute": (batch, "computed"),
        "write": (background_encoder, "write"),
        "read": (read_ahead, "read_draft"),
    }[place]
    real, calls = getattr(module, name), []

    def call(*args, **options):
        calls.append(args)
        if len(calls) == number:
            raise error
        return real(*args, **options)

    monkeypatch.setattr(module, name, call)


def test_all_pictures_are_done_in_their_order_with_one_model(items, run):
    go(items, run)
    assert run.kinds == [UpscaleResult] * 4
    assert [each.source for each in run.outcomes] == [item.source for item in items]
    assert names(items) == [item.destination.name for item in items]


def test_the_next_picture_is_read_while_one_is_computed(items, run, monkeypatch):
    reading = threading.Event()
    real_read, real_compute = read_ahead.read_draft, batch.computed

    def read(source, *rest):
        if source == items[1].source:
            reading.set()
        return real_read(source, *rest)

    def compute(job, *rest, **options):
        if job.draft.source == items[0].source:
            assert reading.wait(60)
        return real_compute(job, *rest, **options)

    monkeypatch.setattr(read_ahead, "read_draft", read)
    monkeypatch.setattr(batch, "computed", compute)
    assert go(items, run).kinds == [UpscaleResult] * 4


def test_the_last_picture_is_encoded_while_the_next_is_computed(items, run, monkeypatch):
    computing = threading.Event()
    real_write, real_compute = background_encoder.write, batch.computed

    def write(done, **options):
        if done.job.draft.source == items[0].source:
            assert computing.wait(60)
        real_write(done, **options)

    def compute(job, *rest, **options):
        if job.draft.source == items[1].source:
            computing.set()
        return real_compute(job, *rest, **options)

    monkeypatch.setattr(background_encoder, "write", write)
    monkeypatch.setattr(batch, "computed", compute)
    assert go(items, run).kinds == [UpscaleResult] * 4


def test_no_more_than_one_picture_waits_to_be_encoded(items, run, monkeypatch):
    computed, written = [], []
    real_write, real_compute = background_encoder.write, batch.computed

    def write(done, **options):
        real_write(done, **options)
        written.append(done.job.draft.source)

    def compute(job, *rest, **options):
        computed.append(job.draft.source)
        assert len(computed) - len(written) <= 2
        return real_compute(job, *rest, **options)

    monkeypatch.setattr(background_encoder, "write", write)
    monkeypatch.setattr(batch, "computed", compute)
    assert go(items, run).kinds == [UpscaleResult] * 4


def test_a_picture_that_takes_much_memory_to_encode_is_waited_for(items, run, monkeypatch):
    whole = [
        BatchItem(source=item.source, destination=item.destination.with_suffix(".webp")) for item in items
    ]
    per_px, _ = output_format(whole[0].destination).encode_bytes_per_px
    monkeypatch.setattr(background_encoder, "LIGHT_BYTES", 36 * 28 * per_px - 1)
    order = []
    real_write, real_compute = background_encoder.write, batch.computed

    def write(done, **options):
        real_write(done, **options)
        order.append(("written", done.job.draft.source.name))

    def compute(job, *rest, **options):
        order.append(("computed", job.draft.source.name))
        return real_compute(job, *rest, **options)

    monkeypatch.setattr(background_encoder, "write", write)
    monkeypatch.setattr(batch, "computed", compute)
    go(whole, run)
    assert order == [(what, item.source.name) for item in items for what in ("computed", "written")]


def test_a_large_picture_is_not_read_ahead(items, run, monkeypatch):
    monkeypatch.setattr(read_ahead, "MOST_PX", 9 * 7 - 1)
    monkeypatch.setattr(batch.ReadAhead, "begin", lambda *_: pytest.fail("it was read ahead"))
    assert go(items, run).kinds == [UpscaleResult] * 4


def test_a_plan_leaves_memory_for_the_picture_that_is_read_ahead(items, run, monkeypatch):
    besides = []
    real = batch.plan_job

    def plan(*args, beside=ALONE, sharing):
        besides.append(beside.memory_bytes)
        return real(*args, beside=beside, sharing=sharing)

    monkeypatch.setattr(batch, "plan_job", plan)
    go(items, run)
    assert besides == [9 * 7 * read_ahead.DECODING_BYTES_PER_PX] * 3 + [0]


def test_a_picture_that_fits_only_alone_has_the_machine_to_itself(items, run, monkeypatch):
    real = batch.plan_job

    def plan(*args, beside=ALONE, sharing):
        if beside != ALONE:
            raise DoesNotFit("too little is left")
        return real(*args, sharing=sharing)

    monkeypatch.setattr(batch, "plan_job", plan)
    monkeypatch.setattr(batch.ReadAhead, "begin", lambda *_: pytest.fail("it was read ahead"))
    assert go(items, run).kinds == [UpscaleResult] * 4


def test_every_plan_knows_who_shares_the_machine_also_where_it_fits_only_alone(items, run, monkeypatch):
    shared, told = Sharing(num_on_host=3, num_on_device=2), []
    real = batch.plan_job

    def plan(*args, beside=ALONE, sharing):
        told.append((beside == ALONE, sharing))
        if beside != ALONE:
            raise DoesNotFit("too little is left")
        return real(*args, sharing=sharing)

    monkeypatch.setattr(batch, "plan_job", plan)
    go(items[:2], run, sharing=shared)
    assert set(told) == {(False, shared), (True, shared)}


def test_a_picture_that_is_done_is_skipped_and_not_touched(items, run):
    go(items[:2], run)
    before = items[0].destination.stat().st_mtime_ns
    items[1].destination.unlink()
    again = go(items, Run())
    assert again.kinds == [SkippedPicture, UpscaleResult, UpscaleResult, UpscaleResult]
    assert items[0].destination.stat().st_mtime_ns == before


def test_what_a_killed_run_left_of_a_picture_that_is_done_is_removed(items, run, tmp_path):
    go(items[:1], run)
    work = tmp_path / "work"
    work.mkdir()
    left = [folder / mark(items[0].destination) for folder in (work, items[0].destination.parent)]
    for folder in left:
        folder.mkdir()
        (folder / "picture.raw").touch()
    assert go(items[:1], Run(), replace(OPTIONS, spool=work)).kinds == [SkippedPicture]
    assert not left[0].exists()
    assert go(items[:1], Run()).kinds == [SkippedPicture]
    assert not left[1].exists()


def test_pictures_with_alpha_are_done_and_their_progress_never_goes_back(items, run):
    for item in items:
        with Image.open(item.source) as image:
            clear = image.convert("RGBA")
        clear.putpixel((0, 0), (0, 0, 0, 0))
        clear.save(item.source, "PNG")
    assert go(items, run).kinds == [UpscaleResult] * 4
    told = [event.done for event in run.events if isinstance(event, BatchProgressed)]
    assert told == sorted(told)
    assert len(set(told)) > len(items) * 2


def test_a_deep_zoom_that_is_done_is_skipped(items, run):
    deep = [BatchItem(source=item.source, destination=item.destination.with_suffix(".dzi")) for item in items]
    go(deep, run)
    assert run.kinds == [UpscaleResult] * 4
    assert go(deep, Run()).kinds == [SkippedPicture] * 4


def test_an_output_that_appears_meanwhile_stays_and_fails_that_picture_alone(items, run, monkeypatch):
    taken, real = items[1].destination, background_encoder.write

    def meanwhile(done, **options):
        if done.job.output.path == taken:
            taken.write_text("mine")
        real(done, **options)

    monkeypatch.setattr(background_encoder, "write", meanwhile)
    go(items, run)
    assert run.kinds == [UpscaleResult, FailedPicture, UpscaleResult, UpscaleResult]
    assert run.errors == [OutputExists]
    assert taken.read_text() == "mine"


def test_overwrite_makes_everything_anew(items, run):
    items[0].destination.write_bytes(b"old")
    assert go(items, run, UpscaleOptions(steps=0, device="cpu", overwrite=True)).kinds == [UpscaleResult] * 4


@pytest.mark.parametrize("content", [b"precious", None], ids=["no picture", "another size"])
def test_what_has_the_outputs_name_and_is_not_it_is_kept_and_told(items, run, content):
    if content is None:
        Image.new("RGB", (5, 5)).save(items[1].destination)
    else:
        items[1].destination.write_bytes(content)
    before = items[1].destination.read_bytes()
    go(items, run)
    [failed] = [each for each in run.outcomes if isinstance(each, FailedPicture)]
    assert "already exists, and is not a picture of 36 x 28 pixels" in str(failed.error)
    assert items[1].destination.read_bytes() == before
    assert run.kinds.count(UpscaleResult) == 3


def test_bad_pictures_stop_none_of_the_others(items, run, tmp_path):
    items[0].source.write_bytes(b"")
    items[2].source.write_bytes(items[2].source.read_bytes()[:-30])
    gone = BatchItem(source=tmp_path / "gone.png", destination=tmp_path / "out" / "gone_x4.png")
    locked = BatchItem(source=tmp_path, destination=tmp_path, problem=UnreadableImage("locked"))
    go([*items, gone, locked], run)
    assert run.errors.count(UnreadableImage) == len(run.errors) == 4
    assert names(items) == ["1_x4.png", "3_x4.png"]


def test_a_picture_larger_than_what_is_asked_for_stops_none_of_the_others(items, run):
    Image.new("RGB", (90, 70)).save(items[1].source)
    go(items, run, replace(OPTIONS, target=Target(long_side=36)))
    assert run.errors == [WouldShrink]
    assert run.kinds.count(UpscaleResult) == 3


@pytest.mark.parametrize("place", ["read", "compute", "write"])
@pytest.mark.parametrize(
    "error",
    [OutOfMemory("x"), NonFiniteOutput("x"), MemoryError(), ZeroDivisionError(), DiskFull("x")],
    ids=repr,
)
def test_what_went_wrong_with_one_picture_stops_none_of_the_others(items, run, monkeypatch, place, error):
    fail_at(monkeypatch, place, 2, error)
    go(items, run)
    assert run.errors == [type(error)]
    assert run.kinds.count(UpscaleResult) == 3
    assert names(items) == ["0_x4.png", "2_x4.png", "3_x4.png"]


@pytest.mark.parametrize("place", ["compute", "write"])
def test_a_disk_with_hardly_anything_left_ends_the_batch(items, run, monkeypatch, place):
    fail_at(monkeypatch, place, 2, DiskFull("the disk is full"))
    monkeypatch.setattr(batch, "free_bytes", lambda _: 1_000_000)
    with pytest.raises(DiskFull):
        go(items, run)
    assert run.errors == [DiskFull]
    assert "0_x4.png" in names(items)
    assert "3_x4.png" not in names(items)


def test_what_every_picture_needs_ends_the_batch(items, run, monkeypatch):
    fail_at(monkeypatch, "compute", 2, DeviceUnavailable("the GPU fell off the bus"))
    with pytest.raises(DeviceUnavailable):
        go(items, run)
    assert sorted(kind.__name__ for kind in run.kinds) == ["FailedPicture", "UpscaleResult"]


def test_an_output_folder_that_goes_away_ends_the_batch_and_is_not_made_anew(items, run, tmp_path):
    out = tmp_path / "out"

    def unmount(outcome):
        run.outcomes.append(outcome)
        if out.exists():  # renamed, not removed: at once, whatever is being written there
            out.rename(tmp_path / "elsewhere")

    with pytest.raises(OutputNotWritable):
        go(items, run, output=out, on_outcome=unmount)
    assert not out.exists()


def test_the_output_folder_is_made_but_not_its_parent(items, run, tmp_path):
    with pytest.raises(OutputNotWritable, match="disk: no such folder"):
        go(items, run, output=tmp_path / "disk" / "out")
    assert run.outcomes == []
    (tmp_path / "out").rmdir()
    assert go(items, run, output=tmp_path / "out").kinds == [UpscaleResult] * 4


def test_no_output_folder_is_made_where_every_input_is_missing(items, run, tmp_path):
    (tmp_path / "out").rmdir()
    for item in items[1:]:
        item.source.unlink()
    assert go(items[1:], run, output=tmp_path / "out").errors == [UnreadableImage] * 3
    assert not (tmp_path / "out").exists()
    go(items, run, output=tmp_path / "out")
    assert names(items) == ["0_x4.png"]


def test_folders_below_the_output_are_made(items, run, tmp_path):
    deep = BatchItem(source=items[0].source, destination=tmp_path / "out" / "2024" / "may" / "0.png")
    go([deep], run, output=tmp_path / "out")
    assert deep.destination.exists()


def test_missing_weights_end_it_before_anything_is_read(items, run, monkeypatch):
    monkeypatch.setattr(models, "load_model", lambda *_: (_ for _ in ()).throw(DeviceUnavailable("none")))
    with pytest.raises(DeviceUnavailable):
        go(items, run)
    assert run.outcomes == []


def stopping_at(number: int, run: Run):
    """Return what takes events and presses Ctrl-C when the ``number``-th picture is begun."""

    def on_event(event: Event) -> None:
        run.events.append(event)
        if isinstance(event, BatchProgressed) and event.number == number:
            raise KeyboardInterrupt

    return on_event


def test_ctrl_c_keeps_what_is_finished_and_leaves_nothing_half_done(items, run):
    with pytest.raises(KeyboardInterrupt):
        go(items, run, on_event=stopping_at(3, run))
    assert run.kinds == [UpscaleResult] * 2
    assert names(items) == ["0_x4.png", "1_x4.png"]


def test_ctrl_c_waits_for_a_picture_that_is_computed_already(items, run, monkeypatch):
    stopped = threading.Event()
    real = background_encoder.write

    def write(done, **options):
        if done.job.draft.source == items[1].source:
            assert stopped.wait(60)
        real(done, **options)

    def on_event(event: Event) -> None:
        if isinstance(event, BatchProgressed) and event.number == 3:
            raise KeyboardInterrupt
        if isinstance(event, Encoding):
            stopped.set()

    monkeypatch.setattr(background_encoder, "write", write)
    with pytest.raises(KeyboardInterrupt):
        go(items, run, on_event=on_event)
    assert names(items) == ["0_x4.png", "1_x4.png"]


def test_a_second_ctrl_c_gives_up_what_is_being_encoded(items, run, monkeypatch):
    def write(done, *, given_up):
        assert given_up.wait(60)
        raise OutputError("given up")

    def on_event(event: Event) -> None:
        if isinstance(event, Encoding) or (isinstance(event, BatchProgressed) and event.number == 2):
            raise KeyboardInterrupt

    monkeypatch.setattr(background_encoder, "write", write)
    with pytest.raises(KeyboardInterrupt):
        go(items, run, on_event=on_event)
    assert names(items) == []


def test_progress_counts_the_work_that_is_left(items, run):
    go(items[:1], run)
    run.events.clear()
    go(items, run)
    told = [event for event in run.events if isinstance(event, BatchProgressed)]
    assert {event.total for event in told} == {300.0}
    assert [event.done for event in told] == sorted(event.done for event in told)
    assert (told[0].number, told[0].name, told[0].num_pictures) == (2, "1.png", 4)
    assert told[-1].done == 300.0
    assert not [event for event in run.events if isinstance(event, Visited)]


def test_nothing_to_do_loads_no_model(run, monkeypatch):
    monkeypatch.setattr(models, "load_model", lambda *_: pytest.fail("loaded"))
    assert go([], run).outcomes == []


def test_a_picture_is_not_asked_for_before_the_one_before_it_is_computed(run, items):
    begun_when_asked = []

    def turns():
        for item in items:
            begun = [event.number for event in run.events if isinstance(event, BatchProgressed)]
            begun_when_asked.append(max(begun, default=0))
            yield item

    batch.upscale_all(
        items, OPTIONS, on_event=run.events.append, on_outcome=run.outcomes.append, turns=turns()
    )
    assert begun_when_asked == [0, 1, 2, 3]
    assert run.kinds == [UpscaleResult] * len(items)
