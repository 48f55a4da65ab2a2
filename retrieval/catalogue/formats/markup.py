"""Text that a shop's editor wrote as HTML becomes plain text.

Knows HTML; knows no column. What holds no markup is returned as it is.
"""

import re
from collections.abc import Iterator
from html import unescape

_TAG = re.compile(r"<[a-zA-Z/!?]")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_SHORTCODE = re.compile(r"\[/([A-Za-z][\w-]*)\]")  # how WordPress closes [vc_row]
_SILENT = frozenset({"script", "style", "template", "noscript", "head", "iframe", "svg", "object"})
_INLINE = frozenset(
    "a abbr b bdi bdo cite code data del dfn em font i ins kbd mark q s samp small span strike "
    "strong sub sup time tt u var wbr".split()
)
_ENDS = (".", "!", "?", ":", ";", ",", "…", "。", "！", "？")
_ROUNDS = 3  # markup that was escaped, and escaped again


def plain_text(text: str) -> str:
    """Return the text of HTML: no tags, scripts or entities; a block's end is a sentence's end."""
    if "<" not in text and "&" not in text and "[/" not in text:
        return text
    for _ in range(_ROUNDS):
        before = text
        if _TAG.search(text):
            text = _without_tags(text)
        if "&" in text:
            text = _ENTITY.sub(lambda found: unescape(found.group()), text).replace("\xa0", " ")
        if text == before:
            break
    return _without_shortcodes(text) if "[/" in text else text


def json_ld_blocks(page: str) -> list[str]:
    """Return the scripts of a page that hold JSON-LD."""
    from selectolax.lexbor import LexborHTMLParser

    found = LexborHTMLParser(page).css('script[type="application/ld+json"]')
    return [node.text(deep=True) or "" for node in found]


def _without_tags(text: str) -> str:
    pieces: list[str] = [""]
    for part in _parts(text):
        if part is None:
            pieces.append("")
        else:
            pieces[-1] += part
    said = [" ".join(piece.split()) for piece in pieces]
    return _sentences([piece for piece in said if piece])


def _sentences(pieces: list[str]) -> str:
    """Join what stood in blocks of its own; what ended without a mark gets a full stop."""
    *first, last = pieces or [""]
    return "".join(f"{one} " if one.endswith(_ENDS) else f"{one}. " for one in first) + last


def _parts(text: str) -> Iterator[str | None]:
    """Yield the texts of a document in order, None where a block begins or ends."""
    from selectolax.lexbor import LexborHTMLParser, LexborNode

    root = LexborHTMLParser(text).root
    waiting: list[LexborNode | None] = [root]
    while waiting:
        node = waiting.pop()
        if node is None:
            yield None
        elif node.tag == "-text":
            yield node.text_content or ""
        elif node.tag not in _SILENT:
            block = node.tag not in _INLINE
            if block:
                yield None
                waiting.append(None)
            waiting.extend(reversed(list(node.iter(include_text=True))))


def _without_shortcodes(text: str) -> str:
    """Remove [name …] and [/name] wherever a name is closed so."""
    names = "|".join(sorted({re.escape(name) for name in _SHORTCODE.findall(text)}))
    if not names:
        return text
    return " ".join(re.sub(rf"\[/?(?:{names})(?:\s[^\]]*)?\]", " ", text).split())
