"""Small pictures as arrays and as files, made in memory; colour profiles to go with them."""

from __future__ import annotations

import io

import numpy as np
import pyvips
from PIL import Image, ImageCms

SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
GREY_PROFILE = SRGB[:16] + b"GRAY" + SRGB[20:]  # the header is all that writers and readers look at
# One of linear light that is whole (ICC.1:2022): its white, and a curve that is none.
_WHITE, _CURVE = b"XYZ \0\0\0\0\0\0\xf6\xd6\0\1\0\0\0\0\xd3\x2d", b"curv" + bytes(8)
LINEAR_GREY = (
    (128 + 4 + 2 * 12 + len(_WHITE) + len(_CURVE)).to_bytes(4)
    + b"none\2\x10\0\0mntrGRAYXYZ "
    + bytes(12)
    + b"acsp"
    + bytes(28)
    + _WHITE[8:]
    + bytes(48)
    + (2).to_bytes(4)
    + b"wtpt"
    + (156).to_bytes(4)
    + len(_WHITE).to_bytes(4)
    + b"kTRC"
    + (156 + len(_WHITE)).to_bytes(4)
    + len(_CURVE).to_bytes(4)
    + _WHITE
    + _CURVE
)
MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
XMP = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/></x:xmpmeta>'
)
XMP_WITH_AN_AREA = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about="" xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"'
    b' xmlns:stArea="http://ns.adobe.com/xmp/sType/Area#"'
    b' xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#">'
    b'<mwg-rs:Regions rdf:parseType="Resource"><mwg-rs:AppliedToDimensions stDim:w="40" stDim:h="30"/>'
    b'<mwg-rs:RegionList><rdf:Bag><rdf:li rdf:parseType="Resource">'
    b'<mwg-rs:Area stArea:x="0.1" stArea:y="0.25"/>'
    b"</rdf:li></rdf:Bag></mwg-rs:RegionList></mwg-rs:Regions></rdf:Description></rdf:RDF></x:xmpmeta>"
)
IPTC = b"\x1c\x02\x05\0\x05Title"
ORIENTATION = 0x0112
MAKE = 0x010F


def cmyk_profile():
    """Return the CMYK profile that libvips carries."""
    return bytes(pyvips.Operation.call("profile_load", "cmyk"))


def p3_profile():
    """Return the Display P3 profile that libvips carries."""
    return bytes(pyvips.Operation.call("profile_load", "p3"))


def smooth(height=48, width=64, *, channels=3, dtype=np.uint8):
    """Return ``[height, width, channels]`` gradients of different directions: kind to lossy formats."""
    rows, cols = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    planes = (rows, cols, (rows + cols) / 2, 1 - rows * cols)[:channels]
    return np.rint(np.stack(planes, axis=2) * np.iinfo(dtype).max).astype(dtype)


def noise(height=48, width=64, *, channels=3, dtype=np.uint8, seed=0):
    """Return ``[height, width, channels]`` random integers."""
    top = np.iinfo(dtype).max + 1
    return np.random.default_rng(seed).integers(0, top, (height, width, channels), dtype=dtype)


def pillow(pixels):
    """Return 8-bit ``[H, W, channels]`` as a Pillow picture."""
    return Image.fromarray(pixels.squeeze(axis=2) if pixels.shape[2] == 1 else pixels)


def encoded(picture, kind, **options):
    """Return the bytes of a Pillow ``picture`` in the format ``kind``."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def save_deep(path, pixels, *, orientation=1):
    """Write 16-bit ``[H, W, channels]`` as PNG or TIFF."""
    kind = "grey16" if pixels.shape[2] <= 2 else "rgb16"
    image = pyvips.Image.new_from_array(pixels, interpretation=kind)
    image.set_type(pyvips.GValue.gint_type, "orientation", orientation)
    image.write_to_file(str(path))
