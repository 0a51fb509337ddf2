"""A journal gives back what was written, or less of it, and never anything else."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from infdit_cli.errors import DiskFull, OutputError
from infdit_cli.tiles import Journal
from support.faults import file_size_limit

RECORDS = [{"schema": "x/1", "identity": {"seed": "7"}}, {"leg": 1}, {"leg": 2, "rows": [0, 64]}, {"leg": 10}]
RECORD = st.dictionaries(st.text(max_size=3), st.none() | st.integers() | st.text(max_size=3), max_size=2)


def written(path, records=RECORDS):
    """Write a journal and return its bytes."""
    journal = Journal(path)
    for record in records:
        journal.append(record)
    return path.read_bytes()


def test_records_come_back_in_order(tmp_path):
    written(tmp_path / "journal")
    again = Journal(tmp_path / "journal")
    assert again.records == RECORDS
    assert not again.is_damaged


def test_a_journal_that_is_not_there_is_empty_and_is_not_made_by_looking(tmp_path):
    journal = Journal(tmp_path / "journal")
    assert journal.records == []
    assert not journal.is_damaged
    assert not list(tmp_path.iterdir())


def test_every_line_is_json_that_a_person_can_read(tmp_path):
    lines = written(tmp_path / "journal").decode("ascii").splitlines()
    assert len(lines) == len(RECORDS)
    assert '"leg":2,"rows":[0,64]' in lines[2]


def test_a_line_torn_anywhere_is_dropped_and_the_next_takes_its_place(tmp_path):
    path = tmp_path / "journal"
    data = written(path)
    for length in range(len(data)):
        path.write_bytes(data[:length])
        journal = Journal(path)
        num_whole = data[:length].count(b"\n")
        assert journal.records == RECORDS[:num_whole]
        assert not journal.is_damaged
        journal.append({"after": length})
        assert Journal(path).records == [*RECORDS[:num_whole], {"after": length}]


@settings(max_examples=100)
@given(place=st.integers(0), mask=st.integers(1, 255))
def test_a_flipped_byte_is_never_taken_for_something_else(tmp_path_factory, place, mask):
    path = tmp_path_factory.mktemp("flipped") / "journal"
    data = bytearray(written(path))
    place %= len(data)
    data[place] ^= mask
    path.write_bytes(data)
    journal = Journal(path)
    num_before = bytes(data[:place]).count(b"\n")
    assert journal.records == RECORDS[:num_before]
    assert journal.is_damaged or num_before == len(RECORDS) - 1


@pytest.mark.parametrize("order", [[1], [0, 2, 3], [0, 2, 1], [0, 1, 1]], ids=str)
def test_lines_that_are_missing_or_out_of_place_are_damage(tmp_path, order):
    path = tmp_path / "journal"
    lines = written(path).splitlines(keepends=True)
    path.write_bytes(b"".join(lines[number] for number in order))
    sound = [number for place, number in enumerate(order) if order[: place + 1] == list(range(place + 1))]
    journal = Journal(path)
    assert journal.records == [RECORDS[number] for number in sound]
    assert journal.is_damaged


@pytest.mark.parametrize(
    "data",
    [
        b"\n",
        b"[]\n",
        b"{}\n",
        b'{"record":1}\n',
        b"\xff\xfe\n",
        b"\0" * 99 + b"\n",
        b"[" * 100_000 + b"\n",
    ],
    ids=lambda data: repr(data[:20]),
)
def test_what_is_no_journal_is_an_empty_damaged_one(tmp_path, data):
    path = tmp_path / "journal"
    path.write_bytes(data)
    assert Journal(path).records == []
    assert Journal(path).is_damaged


def test_a_disk_that_is_full_leaves_the_journal_as_it_was(tmp_path):
    path = tmp_path / "journal"
    data = written(path)
    journal = Journal(path)
    with file_size_limit(len(data) + 20), pytest.raises(DiskFull):
        journal.append({"one": "more"})
    assert journal.records == RECORDS
    assert path.read_bytes() == data
    journal.append({"one": "more"})
    assert Journal(path).records == [*RECORDS, {"one": "more"}]


def test_a_journal_that_cannot_be_read_is_an_error(tmp_path):
    with pytest.raises(OutputError):
        Journal(tmp_path)


class AgainstAList(RuleBasedStateMachine):
    """A journal is a list that survives being closed, torn and rewound."""

    @initialize()
    def begin(self):
        self.path = Path(self.folder()) / "journal"
        self.journal, self.model = Journal(self.path), []

    @rule(record=RECORD)
    def append(self, record):
        self.journal.append(record)
        self.model.append(record)

    @rule(data=st.data())
    def rewind(self, data):
        num_records = data.draw(st.integers(0, len(self.model)))
        self.journal.rewind(num_records)
        del self.model[num_records:]
        self.journal.append({"rewound": num_records})
        self.model.append({"rewound": num_records})

    @rule()
    def reopen(self):
        self.journal = Journal(self.path)

    @rule(cut=st.integers(1, 30))
    def tear(self, cut):
        if self.model:
            left = self.path.read_bytes()[:-cut]
            self.path.write_bytes(left)
            del self.model[left.count(b"\n") :]
            self.journal = Journal(self.path)

    @invariant()
    def the_same(self):
        assert self.journal.records == self.model


@pytest.fixture(autouse=True)
def _folders(tmp_path_factory):
    AgainstAList.folder = staticmethod(lambda: tmp_path_factory.mktemp("machine"))


AgainstAList.TestCase.settings = settings(max_examples=20, stateful_step_count=10)
TestAgainstAList = AgainstAList.TestCase
