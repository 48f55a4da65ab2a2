"""How a request begins, before what it asks for: "could you show me".

Knows cues; knows no catalogue.
"""

from assistant.understanding.tokens.cues import Sentence, read_sentence


def lead_end(sentence: Sentence) -> int:
    """Return the first token behind how a request begins: "could you show me"."""
    at = 0
    while at < len(sentence.tokens):
        cue = sentence.cue_at(at, "lead words")
        if cue is None and sentence.tokens[at].kind != "mark":
            break
        at = cue.end if cue else at + 1
    return at


def without_lead(message: str) -> str:
    """Return a message without how a request begins."""
    sentence = read_sentence(message)
    at = lead_end(sentence)
    return message[sentence.tokens[at].span[0] :] if at < len(sentence.tokens) else ""
