"""The tables of an evaluation, as they come out of a pipe."""

import dataclasses
import io
import os
import sys

import pytest

from infdit_cli.console import Console
from infdit_cli.evaluation.summary import track_scores
from support.face import CLEAN, EVALUATED, PSNR, SEAMS, SSIM, evaluated, score, watch_stdout

LPIPS = dataclasses.replace(SSIM, title="LPIPS", lower_is_better=True)


def printed(result, capsys):
    Console().result(result)
    model, *lines = capsys.readouterr().out.splitlines()
    assert model == "compact"
    return [line.split() for line in lines]


def test_the_table_in_a_pipe_is_plain_columns(capsys):
    assert printed(EVALUATED, capsys) == [
        ["clean:", "PSNR", "in", "dB", "lanczos", "steps", "0"],
        ["a.png", "30.00", "31.50", "(+1.50)"],
        ["b.png", "32.00", "31.75", "(-0.25)"],
        ["mean", "PSNR", "in", "dB", "31.00", "31.62", "(+0.62)"],
        ["mean", "SSIM", "0.8000", "0.9000"],
        ["mean", "seams", "(1", "is", "best)", "1.000", "1.100"],
        ["median", "seconds", "per", "MP", "↓", "0.01", "0.60"],
    ]


def test_above_the_tables_stands_what_was_measured(capsys):
    Console().result(dataclasses.replace(EVALUATED, restore=0.5))
    assert capsys.readouterr().out.splitlines()[0] == "compact, restore 0.5"


def test_every_track_has_a_table_of_the_metrics_that_it_has(capsys):
    damaged = dataclasses.replace(score("a.png", "lanczos", 25.0, 0.7, 1.0, 0.01), values={"ssim": 0.7})
    lines = printed(evaluated(CLEAN, track_scores("degraded", [damaged])), capsys)
    second = lines.index([]) + 1
    assert lines[second:] == [
        ["degraded:", "SSIM", "lanczos"],
        ["a.png", "0.7000"],
        ["mean", "SSIM", "0.7000"],
        ["median", "seconds", "per", "MP", "↓", "0.01"],
    ]


def test_what_has_no_value_is_a_dash(capsys):
    only = track_scores("clean", [score("a.png", "steps 0", 30.0, 0.9, float("nan"), 0.5)])
    assert ["mean", "seams", "(1", "is", "best)", "-"] in printed(evaluated(only), capsys)


def test_an_equal_picture_has_no_gain(capsys):
    scores = [
        score("a.png", "lanczos", 30.0, 0.8, 1.0, 0.1),
        score("a.png", "steps 0", float("inf"), 1.0, 1.0, 0.1),
    ]
    assert ["a.png", "30.00", "inf"] in printed(evaluated(track_scores("clean", scores)), capsys)


def test_without_lanczos_the_table_has_no_gains(capsys):
    scores = [each for each in CLEAN.scores if each.method != "lanczos"]
    Console().result(evaluated(track_scores("clean", scores), metrics=(PSNR,)))
    assert "(" not in capsys.readouterr().out


def test_without_psnr_the_first_metric_is_shown_for_each_picture(capsys):
    bare = dataclasses.replace(EVALUATED, metrics=(SSIM, SEAMS))
    lines = printed(bare, capsys)
    assert lines[0] == ["clean:", "SSIM", "lanczos", "steps", "0"]
    assert lines[1] == ["a.png", "0.8000", "0.9000"]


def test_pictures_of_one_name_have_a_row_each(capsys):
    scores = [dataclasses.replace(each, picture="same.png") for each in CLEAN.scores]
    Console().result(evaluated(track_scores("clean", scores)))
    assert capsys.readouterr().out.count("same.png") == 2


@pytest.mark.skipif(os.name != "posix", reason="names are bytes on POSIX only")
def test_a_name_that_is_no_text_has_its_row(capsys):
    name = os.fsdecode(b"\xff.png")
    Console().result(evaluated(track_scores("clean", [score(name, "lanczos", 30.0, 0.8, 1.0, 0.1)])))
    assert "\\udcff.png" in capsys.readouterr().out


def test_where_no_arrow_can_be_written_words_stand_for_it(monkeypatch):
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252"))
    Console().result(dataclasses.replace(EVALUATED, metrics=(LPIPS,)))
    sys.stdout.flush()
    assert b"LPIPS (less is better)" in raw.getvalue()


def test_what_is_better_when_it_is_less_has_an_arrow(capsys):
    lines = printed(dataclasses.replace(EVALUATED, metrics=(LPIPS,)), capsys)
    assert ["mean", "LPIPS", "↓", "0.8000", "0.9000"] in lines


@pytest.mark.parametrize("columns", [100, 40])
def test_no_figure_is_cut_on_a_terminal(monkeypatch, columns):
    shown = watch_stdout(monkeypatch, COLUMNS=str(columns), NO_COLOR="1")
    Console().result(EVALUATED)
    assert ("─" in shown.getvalue()) == (columns == 100)
    assert "…" not in shown.getvalue()
    assert "31.50 (+1.50)" in shown.getvalue()
