"""The report on a machine as text that can be pasted."""

from infdit_cli.console.doctor_report import doctor_lines
from infdit_cli.memory import DeviceMemory
from infdit_cli.results import FailedProbe, Variable
from support.doctors import WELL, with_

EXPECTED = """\
program
  infdit     0.1.0
  in         ~/infdit
  python     3.11.7 (~/bin/python)
  system     Linux-6.1-x86_64
  processor  Some CPU, 8 cores to use
  stdout     utf-8
  torch      2.9, CUDA 12.8, AVX512, 8 threads

devices
  cpu  Some CPU, 29.8 GiB free of 59.6 GiB
       float32: native
       bfloat16: native (AMX); auto takes it

memory
  usable                29.8 GiB free of 59.6 GiB
  the machine's memory  29.8 GiB free of 59.6 GiB

folders
  cache  ~/.cache/infdit (not made yet), 70 GB free

weights
  compact  ~/c.safetensors, 6.7 MB, digest ok
  inf-dit  not here

packages
  numpy  2.4

environment
  OMP_NUM_THREADS  8"""


def test_a_whole_report():
    assert "\n".join(doctor_lines(WELL)) == EXPECTED


def test_what_is_wrong_comes_first():
    found = with_(
        warnings=("something is wrong",), failed=(FailedProbe(name="memory", message="OSError: no"),)
    )
    assert doctor_lines(found)[:6] == [
        "warnings",
        "  !  something is wrong",
        "",
        "could not be determined",
        "  memory  OSError: no",
        "",
    ]


def test_the_limit_that_binds_has_its_line():
    limit = DeviceMemory(total_bytes=4_000_000_000, free_bytes=3_000_000_000, source="ulimit")
    lines = doctor_lines(with_(limits=(*WELL.limits, limit)))
    assert "  limit of ulimit       2.8 GiB free of 3.7 GiB" in lines


def test_a_machine_that_answers_nothing_has_a_report_still():
    nothing = {"torch": None, "memory": None} | dict.fromkeys(
        ("packages", "devices", "limits", "folders", "weights", "environment"), ()
    )
    lines = doctor_lines(with_(**nothing))
    assert lines[0] == "program"
    assert "" not in lines


def test_a_variable_cannot_move_the_cursor():
    found = with_(environment=(Variable(name="HF_HOME", value="a\x1b[2Jb"),))
    assert doctor_lines(found)[-1] == "  HF_HOME  a\\x1b[2Jb"
