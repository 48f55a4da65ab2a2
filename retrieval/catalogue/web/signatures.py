"""The first bytes of a file → what it is, whatever its name or a header says of it.

Knows signatures of the formats that `retrieval.media` opens; decodes nothing. See
https://mimesniff.spec.whatwg.org for most of them.
"""

from retrieval.catalogue.web.limits import Kind

ENOUGH = 512  # bytes from which a format is seen
FEED_ENOUGH = 1 << 16  # bytes in which a feed's first line ends, by which JSON Lines are seen

_BEGINNINGS: tuple[tuple[bytes, Kind, str], ...] = (
    (b"\xff\xd8\xff", "picture", ".jpg"),
    (b"\x89PNG\r\n\x1a\n", "picture", ".png"),
    (b"GIF8", "picture", ".gif"),
    (b"II*\0", "picture", ".tiff"),
    (b"MM\0*", "picture", ".tiff"),
    (b"BM", "picture", ".bmp"),
    (b"ID3", "recording", ".mp3"),
    (b"OggS", "recording", ".ogg"),
    (b"fLaC", "recording", ".flac"),
    (b"\x1a\x45\xdf\xa3", "recording", ".webm"),
    (b"#!AMR", "recording", ".amr"),
    (b"caff", "recording", ".caf"),
    (b"riff\x2e\x91\xcf\x11", "recording", ".w64"),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", "recording", ".wma"),
)
_RIFF: dict[bytes, tuple[Kind, str]] = {
    b"WEBP": ("picture", ".webp"),
    b"WAVE": ("recording", ".wav"),
    b"AVI ": ("recording", ".avi"),
}
_BRANDS: dict[bytes, tuple[Kind, str]] = {
    b"avif": ("picture", ".avif"),
    b"avis": ("picture", ".avif"),
    b"heic": ("picture", ".heic"),
    b"heix": ("picture", ".heic"),
    b"heif": ("picture", ".heic"),
    b"mif1": ("picture", ".heic"),
    b"M4A ": ("recording", ".m4a"),
    b"qt  ": ("recording", ".mov"),
}
_NOT_READ = (b"crx ",)  # Canon's raw pictures
_PACKET = 188  # bytes of an MPEG transport stream
_MARKUP = (b"<!doctype", b"<html", b"<head", b"<?xml", b"<svg", b"<body")
_PAGE = (b"<!doctype html", b"<html", b"<head", b"<body")
_WORKBOOK = (b"[Content_Types].xml", b"_rels/", b"xl/", b"docProps/")
_WIDE = (b"\xff\xfe", b"\xfe\xff")  # text in UTF-16
_NO_TEXT = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1a")  # control characters

SUFFIXES: dict[Kind, tuple[str, ...]] = {
    "picture": (".jpg", ".png", ".webp", ".gif", ".avif", ".heic", ".tiff", ".bmp"),
    "recording": (
        ".mp3", ".mp4", ".wav", ".ogg", ".webm", ".m4a", ".mov", ".flac", ".aac", ".avi", ".ts",
        ".aiff", ".amr", ".caf", ".w64", ".wma",
    ),
    "feed": (".csv", ".tsv", ".json", ".jsonl", ".xml", ".html", ".parquet", ".xlsx", ".zip"),
}  # fmt: skip


def recognise(first: bytes) -> tuple[Kind, str] | None:
    """Return the kind of a file and the usual suffix of its format, None when neither is known."""
    for beginning, kind, suffix in _BEGINNINGS:
        if first.startswith(beginning):
            return kind, suffix
    if first[:4] in (b"RIFF", b"RF64"):
        return _RIFF.get(first[8:12])
    if first[4:8] == b"ftyp":
        brand = first[8:12]
        return None if brand in _NOT_READ else _BRANDS.get(brand, ("recording", ".mp4"))
    return _stream(first)


def recognise_feed(first: bytes) -> str | None:
    """Return the suffix of a table by its first bytes, None for what is none.

    A workbook is a zip whose first member says what its others are; other text is a table of cells.
    """
    if first.startswith(b"PK\x03\x04"):
        return ".xlsx" if first[30:].startswith(_WORKBOOK) else ".zip"
    if first.startswith(b"PAR1"):
        return ".parquet"
    if first.startswith(_WIDE):
        return ".csv"
    text = first.removeprefix(b"\xef\xbb\xbf").lstrip()
    return _text_table(text) if text and _NO_TEXT.isdisjoint(text) else None


def _text_table(text: bytes) -> str:
    if text.startswith((b"{", b"[")):
        line, rest = text.partition(b"\n")[::2]
        return ".jsonl" if line.rstrip().endswith(b"}") and rest.startswith(b"{") else ".json"
    if text.startswith(b"<"):
        return ".html" if text[:64].lower().startswith(_PAGE) else ".xml"
    return ".tsv" if b"\t" in text.partition(b"\n")[0] else ".csv"


def described(first: bytes) -> str:
    """Return what a file is that is of no kind that is taken, as a person calls it."""
    start = first.removeprefix(b"\xef\xbb\xbf").lstrip()[:64].lower()
    if start.startswith((b"<svg", b"<?xml")) and b"<svg" in first.lower():
        return "an SVG drawing"
    if start.startswith(_MARKUP):
        return "a web page"
    if start.startswith(b"%!ps"):
        return "a PostScript drawing"
    if first.startswith(b"\x1f\x8b"):
        return "a file packed with gzip"
    return "a raw photo" if first[4:8] == b"ftyp" else "something else"


def _stream(first: bytes) -> tuple[Kind, str] | None:
    """Recognise what has no signature but a pattern: MPEG sound, transport streams, AIFF."""
    if first[:4] == b"FORM" and first[8:12] in (b"AIFF", b"AIFC"):
        return "recording", ".aiff"
    if len(first) > _PACKET and first[0] == first[_PACKET] == 0x47:
        return "recording", ".ts"
    if len(first) > 2 and first[0] == 0xFF and first[1] & 0xE0 == 0xE0:
        return "recording", ".aac" if first[1] & 0x06 == 0 else ".mp3"
    return None
