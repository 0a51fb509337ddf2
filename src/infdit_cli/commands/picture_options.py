"""Options of the commands that upscale, or plan to."""

from pathlib import Path
from typing import Annotated

from infdit_cli.commands import panels
from infdit_cli.commands.not_empty import path_of
from infdit_cli.commands.options import choices, listed
from infdit_cli.config import DTypeName, SamplerName, VisitOrder

Scale = Annotated[
    float | None,
    panels.size(
        "--scale",
        "-s",
        metavar="N",
        help="How many times larger: any number from 1, such as 1.5, 4 or 16. Large factors take several "
        "passes.",
        show_default="4, unless another option sets the size",
    ),
]
Width = Annotated[
    int | None,
    panels.size(
        metavar="PX",
        help="Width of the output; the height follows unless it is given, too.",
        show_default=False,
    ),
]
Height = Annotated[
    int | None,
    panels.size(
        metavar="PX",
        help="Height of the output; the width follows unless it is given, too.",
        show_default=False,
    ),
]
LongSide = Annotated[
    int | None,
    panels.size(metavar="PX", help="The longer side of the output.", show_default=False),
]
Megapixels = Annotated[
    float | None,
    panels.size(metavar="MP", help="Area of the output in millions of pixels.", show_default=False),
]
_RESTORE = (
    "How much noise, JPEG blocks and blur to take out: 0 keeps them, 1 takes out the most, as "
    "compact-restore does. Needs a model with a restoring counterpart, such as compact."
)
RestoreAlways = Annotated[float, panels.model("--restore", metavar="F", help=_RESTORE)]
Restore = Annotated[
    float | None,
    panels.model(
        metavar="F",
        help=_RESTORE,
        show_default="0; for JPEGs 0.25 below quality 93, 0.5 below 75, 0.75 below 60",
    ),
]
Fidelity = Annotated[
    float | None,
    panels.model(
        metavar="F",
        help="How strongly to correct the output so that, shrunk again, it matches the input: 0 (not at all) "
        "to 1.",
        show_default="0; for compact at sizes other than 4, 16 and 64 times, 1 minus --restore",
    ),
]
Steps = Annotated[
    int | None,
    panels.model(
        metavar="N",
        help="Sampling steps. With compact, 0 is the fastest and most faithful, 1 adds texture, and more "
        "mostly adds grain.",
        show_default="the model's own: 1 for compact, 0 for compact-restore, 20 for inf-dit",
    ),
]
Sampler = Annotated[
    SamplerName | None,
    panels.model(metavar=choices(SamplerName), help="How to sample.", show_default="the model's own"),
]
DType = Annotated[
    DTypeName,
    panels.machine(
        metavar="TYPE",
        help=f"Number format of the network: {listed(DTypeName)}; auto takes the fastest safe one.",
    ),
]
Order = Annotated[
    VisitOrder | None,
    panels.machine(
        metavar=choices(VisitOrder),
        help="Sweep the whole picture once per step, or finish it block by block: the same picture, with "
        "different memory and time.",
        show_default="whichever is faster within the memory limit",
    ),
]
BlockBatch = Annotated[
    str | None,
    panels.machine(
        metavar="N|NxM",
        help="Blocks computed at once, as rows x columns; fewer need less memory.",
        show_default="automatic",
    ),
]
Memory = Annotated[
    str | None,
    panels.machine(
        metavar="SIZE|PERCENT",
        help="Most memory to use, of the GPU or, on a CPU, of this process: for example 6GiB, or 50% of the "
        "total.",
        show_default="80% of what is free",
    ),
]
SpoolFolder = Annotated[
    Path | None,
    panels.machine(
        "--spool",
        metavar="DIR",
        parser=path_of("--spool"),
        help="Folder for temporary files; a fast disk with room for the raw picture.",
        show_default="the output's folder",
    ),
]
Toward = Annotated[
    str | None,
    panels.model(
        metavar="WORDS",
        help='What the result should look more like, for example "clear, sharp". Only for models guided by '
        "CLIP, such as inf-dit.",
        show_default=False,
    ),
]
Away = Annotated[
    str | None,
    panels.model(
        metavar="WORDS",
        help='What it should look less like, for example "blurry, noisy".',
        show_default=False,
    ),
]
Guidance = Annotated[
    float | None,
    panels.model(metavar="F", help="How strongly --toward and --away steer the picture.", show_default="2"),
]
Quality = Annotated[
    int | None,
    panels.encoding(
        metavar="1-100",
        help="Quality of JPEG, WebP, AVIF and of Deep Zoom's tiles.",
        show_default="95 for JPEG, else 90",
    ),
]
Lossless = Annotated[bool, panels.encoding("--lossless", help="Encode WebP, AVIF or Deep Zoom without loss.")]
Pyramid = Annotated[
    bool, panels.encoding("--pyramid", help="Add smaller copies to a TIFF, for viewers of huge pictures.")
]
Strip = Annotated[bool, panels.encoding("--strip", help="Write no metadata but the colour profile.")]
NoProvenance = Annotated[
    bool, panels.encoding("--no-provenance", help="Do not say in the metadata how the picture was made.")
]
