"""Which part of the LR picture the base reads for a part of its output."""

from infdit_cli.config import BaseConfig
from infdit_cli.geometry import Rect, Size

# So far beyond the picture its edge pixels are repeated; then come the zeros of the convolutions. Zeros at
# the picture itself look like a black frame, and left up to 4 grey levels of error along a flat picture's
# border. From 8 pixels on they change no pixel of eight photographs by more than .25 of a grey level
# (4 pixels: 5.5; 12: .005), and 64x64 pixels with this frame are a third fewer than with the whole halo.
EDGE_PX = 8


def base_window(rect: Rect, picture: Size, config: BaseConfig) -> Rect:
    """Return what the base must be given so that ``rect`` comes out as in the whole picture, in LR pixels.

    Args:
        rect: The part that is wanted.
        picture: Size of the LR picture.
        config: Tells how far the base sees.
    """
    return rect.grown(config.halo_px).clipped(Rect(0, 0, *picture).grown(EDGE_PX))
