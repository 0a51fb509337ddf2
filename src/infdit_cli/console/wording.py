"""Numbers with their units, and text that is safe to show; no other room words them."""

from infdit_cli.geometry import Size


def printable(text: str) -> str:
    """Escape what a terminal would obey or cannot show: control characters, bytes that are no text."""
    return "".join(char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in text)


def pixels(size: Size) -> str:
    """Return width by height, the order in which people name picture sizes."""
    return f"{size.width}×{size.height} px"


def duration(seconds: float) -> str:
    """Return ``12.3 s``, ``2 min 05 s`` or ``1 h 02 min``."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def steps(count: int) -> str:
    """Return ``1 step`` or ``4 steps``."""
    return f"{count:,} step{'' if count == 1 else 's'}"


def validation(lanczos_db: float, model_db: tuple[tuple[int, float], ...]) -> str:
    """Return the model's PSNR at each number of steps and its gain over Lanczos."""
    models = [f"{steps(count)} {db:.2f} dB ({db - lanczos_db:+.2f})" for count, db in model_db]
    return ", ".join([f"Lanczos {lanczos_db:.2f} dB", *models])
