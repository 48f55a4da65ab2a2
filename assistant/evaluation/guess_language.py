"""Which of the five languages is an answer written in?

Pure, and only good for this: titles and quotations stay in the catalogue's language, so the words
that every sentence needs decide, outside quotation marks.
"""

import re

_QUOTED = re.compile(r"“[^”]*”|„[^“]*“|«[^»]*»|「[^」]*」")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_WORD = re.compile(r"[^\W\d_]+")
_COMMON = {
    "en": "the of and is in to it its you your that this for with at most least here fits fit "
    "item items are no not has says by what shall nothing i or all there would be",
    "de": "der die das und ist im ein eine einen mit für von zu nicht sie es den dem passt passen "
    "hier artikel höchstens mindestens kein keine ihr ihre was nichts gibt unter oder ohne ich "
    "ihrem auf aus wäre wären",
    "es": "el la los las de y es en un una con para por no que su sus se del al hay como artículos "
    "artículo aquí nada menos máximo mínimo cumple cumplen qué o sin te lo",
    "fr": "le la les de et est en un une avec pour par ne pas que votre vos il du des au aux "
    "articles article ici rien moins plus maximum quoi ou sans vous je ce correspond correspondent",
}
_KNOWN = {language: frozenset(common.split()) for language, common in _COMMON.items()}


def language_of(answer: str) -> str:
    """Return the language, "" when nothing tells."""
    said = _QUOTED.sub(" ", answer)
    if len(_CHINESE.findall(said)) >= 4:
        return "zh"
    spoken = [word.lower() for word in _WORD.findall(said)]
    counts = {name: sum(word in known for word in spoken) for name, known in _KNOWN.items()}
    best = max(counts, key=lambda name: counts[name])
    return best if counts[best] else ""
