"""Which kind of file it is, by its first bytes: a name can say anything, and some decoders are not safe."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

PICTURES = {".bmp", ".gif", ".jpeg", ".jpg", ".pgm", ".png", ".ppm", ".tif", ".tiff", ".webp"}
HEAD = 4096  # bytes that are looked at
BRANDS = {
    **dict.fromkeys((b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"), "HEIC"),
    **dict.fromkeys((b"avif", b"avis"), "AVIF"),
}
OTHERS = (
    (b"\0\0\0\x0cJXL ", "JPEG XL"), (b"\xff\x0a", "JPEG XL"),
    (b"\0\0\0\x0cjP  ", "JPEG-2000"), (b"\xff\x4f\xff\x51", "JPEG-2000"),
    (b"8BPS", "Photoshop"), (b"v/1\x01", "OpenEXR"), (b"#?RADIANCE", "Radiance"), (b"%PDF", "PDF"),
    (b"II*\0\x10\0\0\0CR", "camera raw"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of picture."""

    name: str  # as users know it
    decoded: bool  # whether Mien reads it


def kind_of(begin: bytes) -> Kind | None:
    """The kind of picture whose file begins with `begin`, its first 4,096 bytes; None for all else."""
    for signature, name in OTHERS:
        if begin.startswith(signature):
            return Kind(name, decoded=False)
    if begin[4:8] == b"ftyp" and (name := _branded(begin)):
        return Kind(name, decoded=False)
    if begin.startswith(b"\xff\xd8\xff"):
        return Kind("JPEG", decoded=True)
    if begin.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind("PNG", decoded=True)
    if begin.startswith(b"RIFF") and begin[8:12] == b"WEBP":
        return Kind("WebP", decoded=True)
    if begin.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return Kind("TIFF", decoded=True)
    if begin.startswith(b"BM") and begin[6:10] == b"\0\0\0\0":
        return Kind("BMP", decoded=True)
    if begin.startswith((b"GIF87a", b"GIF89a")):
        return Kind("GIF", decoded=True)
    if begin[:1] == b"P" and begin[1:2] in b"123456" and begin[2:3].isspace():
        return Kind("PNM", decoded=True)
    return None


def is_read_as_picture(path: Path, kind: Kind | None) -> bool:
    """Whether the file at `path`, of such a `kind`, is decoded as a picture and not by FFmpeg.

    A row of JPEG or PNG pictures in one file under the name of a video is a video; GIF always is one.
    """
    if kind is not None and kind.name == "GIF":
        return False
    suffix = path.suffix.lower()
    return suffix in PICTURES or (kind is not None and (kind.name == "WebP" or not suffix))


def _branded(begin: bytes) -> str:
    """The kind of picture whose file has boxes as MP4 has; "" for a video."""
    length = min(int.from_bytes(begin[:4], "big"), len(begin))
    brands = [begin[8:12], *(begin[at : at + 4] for at in range(16, length - 3, 4))]
    if BRANDS.get(brands[0]) == "HEIC" and any(BRANDS.get(brand) == "AVIF" for brand in brands):
        return "AVIF"
    return BRANDS.get(brands[0], "")
