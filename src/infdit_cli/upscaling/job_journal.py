"""The journal of a job: what was settled before its first leg, and what each stage has done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import torch
from torch import Tensor

from infdit_cli.events import OnNote
from infdit_cli.geometry import Size
from infdit_cli.plan import Layout
from infdit_cli.tiles import JobFolder, Journal, Record
from infdit_cli.upscaling.journal_pace import JournalPace
from infdit_cli.upscaling.leg_record import StageNumber
from infdit_cli.upscaling.paint import StageOutput
from infdit_cli.upscaling.stage_journal import StageJournal

SCHEMA = "infdit-journal/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first line of a journal: what the job is, and what was settled before its first leg.

    Args:
        identity: What decides the pixels.
        layouts: Order and super-blocks of each pass; places do not matter, but these round differently.
        vector: The global condition of the input; ``None`` if the model has none.
    """

    identity: dict[str, str]
    layouts: tuple[Layout, ...]
    vector: tuple[float, ...] | None

    @classmethod
    def of(cls, record: Record) -> Self | None:
        """Return what a line says; ``None`` if it is of another schema."""
        if record.get("schema") != SCHEMA:
            return None
        layouts = tuple(
            Layout(order=each["order"], super_block=Size(*each["batch"])) for each in record["layouts"]
        )
        vector = None if record["vector"] is None else tuple(record["vector"])
        return cls(identity=record["identity"], layouts=layouts, vector=vector)

    def to_record(self) -> Record:
        """Return the line."""
        layouts = [{"order": each.order, "batch": list(each.super_block)} for each in self.layouts]
        return {"schema": SCHEMA, "identity": self.identity, "layouts": layouts, "vector": self.vector}

    @property
    def vector_tensor(self) -> Tensor | None:
        """The global condition, ``[1, vector_dim]``."""
        return None if self.vector is None else torch.tensor([self.vector])


class JobJournal:
    """The journal of one job.

    Args:
        folder: The job's, locked.
        journal: Its header is this job's.
        vector: The global condition of the input, if the model has one.
        on_note: Told what the user should know.
    """

    def __init__(
        self,
        folder: JobFolder,
        journal: Journal,
        *,
        vector: Tensor | None,
        on_note: OnNote,
    ) -> None:
        self.vector = vector
        self._folder = folder
        self._journal = journal
        self._pace = JournalPace()
        self._on_note = on_note

    def of_stage(self, number: StageNumber, target: StageOutput) -> StageJournal:
        """Return the part of one stage, which makes ``target``; all before are done."""
        return StageJournal(
            self._folder, self._journal, number, target, pace=self._pace, on_note=self._on_note
        )
