"""How wide a table has to be."""

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

ENDLESS = 10_000


def least_width(table: Table) -> int:
    """Return the width below which cells that do not wrap would be cut, or words of the others broken.

    Rich itself cuts before it says so; from here on it leaves such columns alone.
    """
    for column in table.columns:
        if column.no_wrap:
            column.min_width = max(cell_len(str(cell)) for cell in (column.header, *column.cells))
    console = Console(width=ENDLESS)
    return console.measure(table).minimum
