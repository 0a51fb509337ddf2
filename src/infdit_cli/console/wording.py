"""Numbers with their units, and text that is safe to show."""

from infdit_cli.console.streams import can_show
from infdit_cli.geometry import Size

NOT_PLANNED = "without starting (about 3 s), reading and encoding"


def printable(text: str) -> str:
    """Escape what a terminal would obey or cannot show: control characters, bytes that are no text."""
    return "".join(char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in text)


def pixels(size: Size) -> str:
    """Return width by height, the order in which people name picture sizes."""
    return f"{sides(size)} px"


def sides(size: Size) -> str:
    """Return ``800×600``, or ``800x600`` where the cross cannot be shown."""
    return f"{size.width}{'×' if can_show('×') else 'x'}{size.height}"


def duration(seconds: float) -> str:
    """Return ``12.3 s``, ``2 min 05 s`` or ``1 h 02 min``."""
    if round(seconds, 1) < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    if minutes < 60:
        return f"{minutes} min {rest:02d} s"
    return f"{minutes // 60} h {minutes % 60:02d} min"


def millions(number: int) -> str:
    """Return ``3.3 M`` for a number of parameters."""
    return f"{number / 1_000_000:.1f} M"


def model(weights: str, restore: float) -> str:
    """Return ``compact``, or ``compact, restore 0.5`` where damage is taken out."""
    return f"{weights}, restore {restore:g}" if restore else weights


def pictures(count: int) -> str:
    """Return ``1 picture`` or ``1,200 pictures``."""
    return f"{count:,} picture{'' if count == 1 else 's'}"


def steps(count: int) -> str:
    """Return ``1 step`` or ``4 steps``."""
    return f"{count:,} step{'' if count == 1 else 's'}"


def evaluations(count: int) -> str:
    """Return ``1 evaluation`` or ``39 evaluations``."""
    return f"{count:,} evaluation{'' if count == 1 else 's'}"


def validation(
    lanczos_db: float,
    model_db: tuple[tuple[int, float], ...],
    model_lpips: tuple[tuple[int, float], ...] = (),
) -> str:
    """Return PSNR at each number of steps with the gain over Lanczos, and LPIPS where it was measured."""
    lpips = {count: f", LPIPS {distance:.4f}" for count, distance in model_lpips}
    models = [
        f"{steps(count)} {db:.2f} dB ({db - lanczos_db:+.2f}{lpips.get(count, '')})" for count, db in model_db
    ]
    return ", ".join([f"Lanczos {lanczos_db:.2f} dB", *models])
