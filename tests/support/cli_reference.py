"""The generated parts of docs/cli.md; ``python tests/support/cli_reference.py`` refreshes the page.

Options are read from Typer's own description of the commands and not from the help's text, which
changes with every release of Typer.
"""

import re
from pathlib import Path

import typer.main

from infdit_cli import errors
from infdit_cli.app import BUG, INTERRUPTED, app

PAGE = Path(__file__).parents[2] / "docs" / "cli.md"


def refreshed(text):
    """Return the page with every part between its markers made anew."""
    for name, part in {"options": options_part(), "exit codes": exit_codes_part()}.items():
        begin, end = f"<!-- {name}: generated -->", f"<!-- {name}: end -->"
        pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
        text, found = pattern.subn(lambda _, new=f"{begin}\n\n{part}\n\n{end}": new, text)
        assert found == 1, f"{PAGE} needs the markers {begin} and {end} once"
    return text


def options_part():
    group = typer.main.get_command(app)
    shared = _keys(group.commands["upscale"])
    return "\n\n".join(_command(name, each, shared) for name, each in _tree("infdit", group))


def _tree(name, command):
    """Yield every command by its full name, groups before what is in them."""
    yield name, command
    for child, each in getattr(command, "commands", {}).items():
        yield from _tree(f"{name} {child}", each)


def _command(name, command, shared):
    arguments = "".join(f" {_usage(p)}" for p in command.params if p.param_type_name == "argument")
    items = "\n\n".join(_panel(*each) for each in _by_panel(command.params))
    lacking = [names for key, names in shared.items() if key not in _keys(command)]
    if 0 < len(lacking) < len(command.params) and _keys(command).keys() <= shared.keys():
        items = f"Takes what `infdit upscale` takes, but not {' and '.join(lacking)}."
    return f"### `{name}{arguments} [options]`\n\n{' '.join(command.help.split())}\n\n{items}".rstrip()


def _keys(command):
    """Return all parameters but ``--help``: what makes each the same as another's, and how it is written."""
    return {
        (each.name, tuple(each.opts), each.metavar): f"`{max(each.opts, key=len)}`"
        for each in command.params
        if each.name != "help"
    }


def _by_panel(params):
    """Return the parameters by the panel of the help that they are in; those in none come first, as there."""
    panels = {None: []}
    for each in params:
        panels.setdefault(getattr(each, "rich_help_panel", None), []).append(each)
    return panels.items()


def _panel(title, params):
    heading = f"**{title}**\n\n" if title else ""
    return heading + "\n".join(map(_parameter, params))


def _parameter(param):
    names = _usage(param) if param.param_type_name == "argument" else ", ".join(sorted(param.opts, key=len))
    metavar = f" {param.metavar}" if param.metavar and param.param_type_name == "option" else ""
    return f"- `{names}{metavar}`: {param.help}{_default(param)}"


def _usage(argument):
    """Return an argument as the usage line has it: ``INPUT``, ``[NAME]``, ``[INPUT]...``."""
    name = argument.metavar if argument.required else f"[{argument.metavar}]"
    return name if argument.nargs == 1 else f"{name}..."


def _default(param):
    if param.required:
        return " Required."
    if isinstance(param.show_default, str):
        return f" Default: {param.show_default}."
    return "" if param.default is None or param.default is False else f" Default: `{param.default}`."


def error_classes(root=errors.InfditError):
    """Return the whole error tree, parents first."""
    return [root, *(each for child in root.__subclasses__() for each in error_classes(child))]


def branches():
    """Return the classes that set an exit code of their own."""
    return [each for each in error_classes() if "exit_code" in vars(each)]


def exit_codes_part():
    rows = [(0, "", "The result is complete.")]
    rows += [(each.exit_code, _names(each), _meaning(each)) for each in branches()]
    rows += [
        (BUG, "any other exception", "A bug in infdit; the message says how to report it."),
        (INTERRUPTED, "`Stopped`", "Stopped by Ctrl-C (SIGINT); no half-written file is left."),
        (129, "`Stopped`", "Stopped because the terminal closed (SIGHUP); no half-written file is left."),
        (143, "`Stopped`", "Stopped by SIGTERM; no half-written file is left."),
    ]
    lines = [f"| {code} | {names} | {meaning} |" for code, names, meaning in sorted(rows)]
    return "\n".join(["| code | error types | meaning |", "|--:|---|---|", *lines])


def _names(branch):
    children = [f"`{each.__name__}`" for each in error_classes(branch) if each.exit_code == branch.exit_code]
    return ", ".join(children)


def _meaning(branch):
    if branch is errors.InfditError:
        return (
            "Some of several pictures or resolutions failed, a failure of no other kind, "
            "or nobody reads stdout any more."
        )
    usage = " Typer's own usage errors have this code, too." if branch is errors.OptionError else ""
    return branch.__doc__.splitlines()[0] + usage


if __name__ == "__main__":
    PAGE.write_text(refreshed(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
