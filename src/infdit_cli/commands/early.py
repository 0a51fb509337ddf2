"""What can be refused before torch is loaded, which takes seconds."""

from pathlib import Path

from infdit_cli.machine.start import ensure_room_to_start


def refuse_early(source: Path) -> None:
    """Refuse a machine that torch does not fit in, and an input that is no file.

    Raises:
        OutOfMemory: If loading torch would end the process.
        UnreadableImage: If ``source`` is missing, empty, a folder or a device.
    """
    ensure_room_to_start()  # before numpy is imported, which pictures need
    from infdit_cli.images import check_file

    check_file(source)
