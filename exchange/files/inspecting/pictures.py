"""A picture: of one of two formats, whole, and not larger when unfolded than a sheet of paper needs."""

from __future__ import annotations

import io
import struct

from PIL import Image, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, UnidentifiedImageError

from .limits import Limits, Refused

FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG"}
# Modules that are imported only when they are first needed: inside the limits nothing can be opened any more.
READERS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin)
_LAST_CHUNK = b"IEND\xaeB`\x82"


def read_picture(content: bytes, media_type: str, limits: Limits) -> None:
    """Unfolds all of it. Raises Refused."""
    Image.MAX_IMAGE_PIXELS = None  # the size is asked for below, before anything is unfolded
    kind = FORMATS[media_type]
    try:
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            width, height = picture.size
            if width * height > limits.dots:
                raise Refused("too_many_dots", most=limits.dots // 1_000_000)
            picture.verify()
        if kind == "PNG" and not content.rstrip(b"\0\r\n ").endswith(_LAST_CHUNK):
            raise Refused("trailing" if _LAST_CHUNK in content else "cut_off")
        with Image.open(io.BytesIO(content), formats=[kind]) as picture:
            if kind == "JPEG":  # the whole stream is read, an eighth of the dots is kept
                picture.draft("RGB", (max(1, width // 8), max(1, height // 8)))
            picture.load()
    except UnidentifiedImageError as error:
        raise Refused("damaged", str(error)[:300]) from None
    except (OSError, SyntaxError, struct.error) as error:
        raise Refused("cut_off" if "truncated" in str(error) else "damaged", str(error)[:300]) from None
