"""What ``docs/python.md`` shows runs, and it names all that may be imported."""

import re
from pathlib import Path

import infdit_cli
from support.photos import smooth_noise

TEXT = (Path(__file__).parents[2] / "docs" / "python.md").read_text(encoding="utf-8")


def test_the_examples_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    smooth_noise(6, 8, seed=0).save("photo.jpg")
    examples = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
    assert len(examples) > 4
    for number, example in enumerate(examples):
        exec(compile(example, f"docs/python.md, example {number}", "exec"), {})  # noqa: S102
    assert {path.name for path in tmp_path.iterdir()} == {"photo.jpg", "large.png", "large.jpg"}


def test_the_page_tells_of_every_name():
    told = {name for name in infdit_cli.__all__ if re.search(rf"\b{name}\b", TEXT)}
    assert set(infdit_cli.__all__) - told == {"__version__"}
