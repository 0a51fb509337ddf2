"""How wide a table has to be."""

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table

ENDLESS = 10_000


def settle_width(table: Table) -> int:
    """Keep cells that do not wrap whole; return the width below which words of the others would be broken.

    Rich itself cuts such cells before it says so; from here on it leaves their columns alone.
    """
    for column in table.columns:
        if column.no_wrap:
            column.min_width = max(cell_len(str(cell)) for cell in (column.header, *column.cells))
    console = Console(width=ENDLESS)
    return console.measure(table).minimum
