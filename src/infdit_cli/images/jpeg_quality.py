"""How strongly a JPEG was compressed."""

from __future__ import annotations

from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

# The sum of the standard's example table for luminance (ITU-T T.81, table K.1), libjpeg's quality 50.
_LUMINANCE_SUM = 3688


def jpeg_quality(image: Image.Image) -> int | None:
    """Estimate the quality a JPEG was saved with, 1 to 100 on libjpeg's scale; ``None`` for other formats.

    Programs with tables of their own get the quality at which libjpeg quantises as coarsely on average. What
    was lost before, in another file or at another size, does not show.
    """
    if not isinstance(image, JpegImageFile) or not image.quantization:
        return None
    tables = image.quantization
    percent = 100 * sum(tables[min(tables)]) / _LUMINANCE_SUM  # luminance is first, mostly as number 0
    quality = 100 - percent / 2 if percent <= 100 else 5000 / percent
    return max(1, min(100, round(quality)))
