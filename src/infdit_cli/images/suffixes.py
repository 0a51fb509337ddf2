"""Which files in a folder are taken for pictures; a file named by the user may have any suffix."""

PICTURE_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp"})
