"""Downloads against a real server with every fault in the book."""

import hashlib
import shutil
from contextlib import ExitStack
from dataclasses import replace

import pytest

from infdit_cli.errors import ChecksumMismatch, DiskFull, DownloadFailed
from infdit_cli.weights.download import Patience, download
from infdit_cli.weights.entry import Fingerprint
from support.http_faults import serving

CONTENT = bytes(range(256)) * 4096
KNOWN = Fingerprint(sha256=hashlib.sha256(CONTENT).hexdigest(), size_bytes=len(CONTENT))
HASTE = Patience(connect_s=2, stall_s=0.3, tries=3, pause_s=0.01)


@pytest.fixture
def partial(tmp_path):
    return tmp_path / "weights.partial"


def fetch(partial, *servers, expected=KNOWN, on_bytes=lambda *_: None):
    urls = [server.url if hasattr(server, "url") else server for server in servers]
    return download(urls, partial, expected=expected, patience=HASTE, on_bytes=on_bytes)


@pytest.mark.parametrize("expected", [KNOWN, Fingerprint()], ids=["known", "unknown"])
def test_a_good_server_gives_the_file_and_its_fingerprint(partial, expected):
    told = []
    with serving(CONTENT) as server:
        assert fetch(partial, server, expected=expected, on_bytes=lambda *each: told.append(each)) == KNOWN
    assert partial.read_bytes() == CONTENT
    assert told[-1] == (len(CONTENT), len(CONTENT))


@pytest.mark.parametrize("expected", [KNOWN, Fingerprint()], ids=["known", "unknown"])
@pytest.mark.parametrize("fault", ["cut", "stall"])
def test_an_interrupted_transfer_goes_on_where_it_stopped(partial, fault, expected):
    with serving(CONTENT, [fault, fault]) as server:
        fetch(partial, server, expected=expected)
    assert partial.read_bytes() == CONTENT
    assert [request.get("Range") for request in server.requests] == [
        None,
        f"bytes={len(CONTENT) // 2}-",
        f"bytes={len(CONTENT) * 3 // 4}-",
    ]
    assert server.sent_bytes == len(CONTENT)


def test_the_next_call_goes_on_with_what_an_earlier_one_left(partial):
    with serving(CONTENT, ["cut", 500, 500, 500]) as server:
        with pytest.raises(DownloadFailed, match="HTTP 500"):
            fetch(partial, server, expected=Fingerprint())
        assert partial.stat().st_size == len(CONTENT) // 2
        fetch(partial, server, expected=Fingerprint())
    assert partial.read_bytes() == CONTENT
    assert server.sent_bytes == len(CONTENT)


@pytest.mark.parametrize("expected", [KNOWN, Fingerprint()], ids=["known", "unknown"])
def test_a_server_that_gives_less_of_a_range_is_asked_for_the_rest(partial, expected):
    with serving(CONTENT, ["cut"], forever="small parts") as server:
        assert fetch(partial, server, expected=expected) == KNOWN
    assert partial.read_bytes() == CONTENT


@pytest.mark.parametrize("other", [CONTENT + b"more", CONTENT[:99]], ids=["longer", "shorter"])
def test_a_mirror_that_offers_another_size_leaves_the_bytes_of_the_first(partial, other):
    with (
        serving(CONTENT, ["cut"], forever=404) as first,
        serving(other) as second,
        pytest.raises(DownloadFailed, match="bytes instead of"),
    ):
        fetch(partial, first, second)
    assert partial.read_bytes() == CONTENT[: len(CONTENT) // 2]


def test_bytes_that_are_wrong_twice_are_not_kept(partial):
    partial.write_bytes(bytes(9))
    with serving(CONTENT, forever="wrong bytes") as server, pytest.raises(ChecksumMismatch) as caught:
        fetch(partial, server)
    assert "it was not kept" in caught.value.hint
    assert not partial.exists()


@pytest.mark.parametrize("fault", ["ignore range", "wrong offset"])
def test_a_server_that_answers_a_range_wrongly_does_no_harm(partial, fault):
    with serving(CONTENT, ["cut", fault]) as server:
        fetch(partial, server)
    assert partial.read_bytes() == CONTENT


def test_a_server_that_ignores_ranges_and_always_cuts_is_given_up(partial):
    with serving(CONTENT, forever="cut from the start") as server, pytest.raises(DownloadFailed):
        fetch(partial, server)
    assert len(server.requests) == HASTE.tries


@pytest.mark.parametrize("fault", [403, 404, 410])
def test_a_refusal_is_final_and_the_next_mirror_is_asked(partial, fault):
    with serving(CONTENT, forever=fault) as bad, serving(CONTENT) as good:
        fetch(partial, bad, good)
    assert len(bad.requests) == 1
    assert partial.read_bytes() == CONTENT


@pytest.mark.parametrize("fault", [500, 503, 429])
def test_a_server_in_trouble_is_asked_again(partial, fault):
    with serving(CONTENT, [fault, fault]) as server:
        fetch(partial, server)
    assert len(server.requests) == 3


@pytest.mark.parametrize("fault", [500, "cut", "silence", "web page", "wrong bytes", "short"])
def test_every_lasting_fault_ends_at_the_next_mirror(partial, fault):
    with serving(CONTENT, forever=fault) as bad, serving(CONTENT) as good:
        fetch(partial, bad, good)
    assert partial.read_bytes() == CONTENT


def test_a_second_mirror_goes_on_with_the_first_ones_bytes_when_a_digest_will_tell(partial):
    with serving(CONTENT, ["cut"], forever=404) as first, serving(CONTENT) as second:
        fetch(partial, first, second)
    assert second.requests[0]["Range"] == f"bytes={len(CONTENT) // 2}-"


def test_an_unknown_file_is_never_pieced_together_from_two_mirrors(partial):
    with serving(bytes(len(CONTENT)), ["cut"], forever=404) as first, serving(CONTENT) as second:
        fetch(partial, first, second, expected=Fingerprint())
    assert "Range" not in second.requests[0]
    assert partial.read_bytes() == CONTENT


def test_an_unknown_file_that_changed_at_the_source_starts_over(partial):
    with serving(bytes(len(CONTENT)), ["cut", 404]) as server:
        with pytest.raises(DownloadFailed):
            fetch(partial, server, expected=Fingerprint())
        server.content, server.etag = CONTENT, '"v2"'
        fetch(partial, server, expected=Fingerprint())
    assert partial.read_bytes() == CONTENT


@pytest.mark.parametrize("etag", [None, 'W/"weak"'])
def test_an_unknown_file_without_a_strong_etag_starts_over(partial, etag):
    with serving(CONTENT, ["cut"], etag=etag) as server:
        fetch(partial, server, expected=Fingerprint())
    assert "Range" not in server.requests[1]


def test_a_complete_partial_needs_no_further_bytes(partial):
    partial.write_bytes(CONTENT)
    with serving(CONTENT) as server:
        fetch(partial, server, expected=replace(KNOWN, size_bytes=None))
    assert server.sent_bytes == 0


def test_a_partial_that_belongs_to_another_file_is_replaced(partial):
    partial.write_bytes(b"x" * 1000)
    with serving(CONTENT) as server:
        fetch(partial, server)
    assert partial.read_bytes() == CONTENT
    partial.write_bytes(b"x" * (len(CONTENT) + 5))
    with serving(CONTENT) as server:
        fetch(partial, server, expected=replace(KNOWN, size_bytes=None))
    assert partial.read_bytes() == CONTENT


def test_wrong_bytes_everywhere_are_a_checksum_mismatch_and_are_not_kept(partial):
    with ExitStack() as stack:
        servers = [stack.enter_context(serving(CONTENT, forever="wrong bytes")) for _ in range(2)]
        with pytest.raises(ChecksumMismatch, match="no mirror has the expected file"):
            fetch(partial, *servers)
    assert not partial.exists()


def test_no_mirror_at_all_names_each_and_its_reason(partial):
    with serving(CONTENT, forever=404) as missing, pytest.raises(DownloadFailed) as caught:
        fetch(partial, missing, "http://127.0.0.1:1/nobody")
    assert "HTTP 404" in caught.value.message
    assert "127.0.0.1:1" in caught.value.message


def test_a_disk_without_room_is_found_out_before_the_first_byte(partial, monkeypatch):
    nearly_full = shutil._ntuple_diskusage(10**9, 10**9 - 1000, 1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: nearly_full)
    with serving(CONTENT) as server, pytest.raises(DiskFull, match="1 MB are needed, but only 1 kB are free"):
        fetch(partial, server)
    assert not partial.exists()


def test_nothing_about_the_user_is_sent(partial, monkeypatch):
    monkeypatch.setenv("HF_TOKEN", "secret")
    with serving(CONTENT) as server:
        fetch(partial, server)
    assert set(server.requests[0]) <= {"Host", "Accept", "Accept-Encoding", "Connection", "User-Agent"}
