"""By what containers mark blocks of metadata: known to who reads the blocks and to who writes them."""

from __future__ import annotations

EXIF_PREFIX = b"Exif\0\0"  # before a block of EXIF in a segment of JPEG (EXIF 2.32, 4.7.2)
# Before a chunk of what one segment cannot hold (XMP part 3, 1.1.3.1), and what announces it in the packet.
XMP_EXTENSION_PREFIX = b"http://ns.adobe.com/xmp/extension/\0"
XMP_NOTE = "http://ns.adobe.com/xmp/note/"
HAS_EXTENDED_XMP = "HasExtendedXMP"
PNG_XMP_KEYWORD = b"XML:com.adobe.xmp"  # of the text that holds XMP in a PNG (XMP part 3, 1.1.5)
XMP_TAG, IPTC_TAG, PHOTOSHOP_TAG, ICC_TAG = 700, 33723, 34377, 34675  # in the main directory of a TIFF
IPTC_RESOURCE = 0x0404  # among Photoshop's (its file format specification)
