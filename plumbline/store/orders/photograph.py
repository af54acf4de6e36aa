"""Draws a photograph anew: only its pixels are kept, no metadata, nothing that hides behind or in front of them.

Run as a script of its own, with bounded memory and time: `photograph.py JPEG < photo > drawn`. It imports nothing of ours,
so that what a broken picture does to a decoder happens in a process that holds nothing. It answers 0, or one of ANSWERS.
"""

import io
import resource
import sys
import warnings

from PIL import Image, ImageOps, UnidentifiedImageError

MEMORY = 200 * 1024**2
SECONDS = 20
# the longest side that is kept, in pixels
SIDE = 3000
# the most pixels that are decoded: a JPEG is read at a smaller scale, a WebP is held several times over
MOST_PIXELS = {"JPEG": 60_000_000, "PNG": 25_000_000, "WEBP": 10_000_000}
TYPES = {"JPEG": "JPEG", "PNG": "PNG", "WEBP": "JPEG"}
BROKEN, LARGE = 3, 4
ANSWERS = {BROKEN: "broken", LARGE: "large"}


def drawn(data: bytes, form: str) -> bytes:
    """A photograph drawn anew, as JPEG or PNG; turned as it was held, its longest side at most SIDE.

    Raises  OverflowError where it has more pixels than are decoded
    """
    with Image.open(io.BytesIO(data), formats=[form]) as image:
        if image.width * image.height > MOST_PIXELS[form]:
            raise OverflowError(image.size)
        image.draft("RGB", (SIDE, SIDE))
        image.thumbnail((SIDE, SIDE), reducing_gap=2.0)
        held = ImageOps.exif_transpose(image)
        plain = _plain(held, TYPES[form])
    plain.info.clear()
    made = io.BytesIO()
    plain.save(made, TYPES[form], **({"quality": 88} if TYPES[form] == "JPEG" else {}))
    return made.getvalue()


def _plain(image: Image.Image, form: str) -> Image.Image:
    """An image in a mode its form knows; what shows through is white where the form knows no such thing."""
    clear = "A" in image.getbands() or "transparency" in image.info
    if form == "PNG":
        return image.convert("RGBA" if clear else "RGB")
    if clear:
        white = Image.new("RGBA", image.size, "white")
        white.alpha_composite(image.convert("RGBA"))
        return white.convert("RGB")
    return image.convert("RGB")


def main() -> int:
    """Draw what comes in; 0, or why not."""
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    Image.MAX_IMAGE_PIXELS = max(MOST_PIXELS.values())
    try:
        made = drawn(sys.stdin.buffer.read(), sys.argv[1])
    except (OverflowError, MemoryError, Image.DecompressionBombError, Image.DecompressionBombWarning):
        return LARGE
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, EOFError, KeyError, IndexError, TypeError):
        return BROKEN
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
