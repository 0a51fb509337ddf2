"""What other upscalers call things, for who types it here."""

from collections.abc import Collection

_MODEL = "--weights", "names the model: --weights compact-restore"
_MEMORY = "--memory", "limits what a picture takes, there are no tiles: --memory 4GiB"
_DEVICE = "--device", "chooses where to compute: --device cuda:0"
_REPLACE = "--overwrite", "replaces the output if it exists"
_SCALE = "--scale", "says how many times larger: --scale 2"
_CLEAN = "--restore", "takes out noise, JPEG blocks and blur, 0 to 1: --restore 0.5"
_OUTPUT = "-o", "says where to write: -o large.png"
_FORMAT = "--format", "chooses the kind of file: --format jpg"

# The words of Real-ESRGAN, waifu2x, realcugan and chaiNNer, and of their ncnn ports.
_OURS = {
    "--model": _MODEL,
    "--model-name": _MODEL,
    "--model_name": _MODEL,
    "-m": _MODEL,
    "-n": _MODEL,
    "--tile": _MEMORY,
    "--tile-size": _MEMORY,
    "--tile_size": _MEMORY,
    "-t": _MEMORY,
    "--gpu": _DEVICE,
    "--gpu-id": _DEVICE,
    "-g": _DEVICE,
    "--force": _REPLACE,
    "-y": _REPLACE,
    "--outscale": _SCALE,
    "--upscale": _SCALE,
    "--noise": _CLEAN,
    "--noise-level": _CLEAN,
    "--denoise": _CLEAN,
    "--denoise_strength": _CLEAN,
    "--out": _OUTPUT,
    "--ext": _FORMAT,
    "-f": _FORMAT,
}


def ours(foreign: str, known: Collection[str]) -> str | None:
    """Return what does here what ``foreign`` does elsewhere, and how; ``None`` if nothing is known of it.

    Args:
        foreign: An option that does not exist, with its dashes.
        known: The options of the command that was called.
    """
    option, does = _OURS.get(foreign, ("", ""))
    return f"{option} {does}" if option in known else None
