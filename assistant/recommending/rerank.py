"""Rerank candidates by asking the language model whether each one fits the request.

Knows titles, attributes and descriptions; knows nothing of vectors, Chroma or the screen. Never
adds or removes a candidate. Each one is scored alone (yes or no, from the logits), so its position
in the list has no effect.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.model.prompt import load_prompt
from assistant.model.protocol import LanguageModel
from assistant.recommending.evidence import price_text
from assistant.understanding.tokens.text import content_words, sentences
from retrieval.items import Candidate, Constraint, Item, Query

_DESCRIPTION = 160  # characters of the description that the model reads
_ANSWER = re.compile(  # prompt injection: the model's answer, or the prompt's question
    r"\b(?:yes or no|yes|assistant)\b\W*"
    r"|\b(?:does|do|did|is|would|will) (?:this|the|that|it)(?: (?:product|item|record))?"
    r"(?: really| not)?,? (?:fits?|match(?:es)?|satisf(?:y|ies)|suits?|answers?|good for)"
    r"(?: (?:the|this|that|your|a|any))?(?: (?:request|query|shopper|search))?\W*(?:or no\b\W*)?"
    r"|\b(?:this|the) (?:product|item) (?:fits?|match(?:es)?|satisfies|suits?|answers?)"
    r" (?:the|this|your|every|any|all) (?:requests?|query|shopper|search)\W*"
    r"|\byou judge whether\b\W*|\banswer with one word\b\W*",
    re.I,
)
_TO_THE_JUDGE = re.compile(  # prompt injection: a sentence to the model, not about the product
    r"\b(?:yes|yeah|y\W+e\W+s|oui|ja|sí|да)\b|是或否|[:：]\s*是"
    r"|\b(?:requests?|quer(?:y|ies)|shoppers?|instructions?|assistants?|judges?|judge?ments?|verdict"
    r"|prompts?|ignore|disregard|override|salesbot|perfect match|system message"
    r"|(?:whatever|everything|anything|what) (?:you|they|the \w+) (?:ask|want)(?:s|ed)?(?! at\b)"
    r"|asks? (?:for|whether)|(?:correct )?answer (?:is|with|yes)|recommend (?:me|this|it|only)"
    r"|(?:always|must|only|to) recommend|th(?:is|ese) products? fits?|products? fits?)\b"
    r"|\bresponse:|anfrage|empfiehl|anweisung|passt dieses|eignet sich dieses"
    r"|recommandez|convient-il|produit convient|vos instructions"
    r"|petición|solicitud|recomienda|instrucciones|encaja este"
    r"|符合(?:要求|请求)|推荐(?:我|这)|指令|系统提示|この商品を薦め|指示を"
    r"|запрос|рекоменду|инструкц|промпт|تعليمات",
    re.I,
)
WEIGHT = 0.8  # of the model's z-score against retrieval's; by benchmarks/rerank.py, validation


def rerank(request: str, candidates: Sequence[Candidate], model: LanguageModel) -> list[Candidate]:
    """Return the same candidates, ordered by retrieval score and model score combined.

    Raises:
        LanguageModelError: the model failed; the caller keeps the order it has.
    """
    if len(candidates) < 2 or not request:
        return list(candidates)
    return joint_order(candidates, fits(request, candidates, model), weight=WEIGHT)


def leaves_open(query: Query) -> bool:
    """Tell whether the model can rerank: whether a query asks for more than its constraints.

    Constraints do not distinguish candidates, as every one of them satisfies them all. The model
    sees no photo, no sound and no example ("more like the second"): there retrieval's order stays.
    """
    held = content_words(" ".join(_wording(one) for one in query.constraints))
    unseen = query.photos or query.sounds or query.liked or query.disliked
    return bool(content_words(query.words) - held) and not unseen


def fits(
    request: str, candidates: Sequence[Candidate], model: LanguageModel
) -> NDArray[np.float64]:
    """Return the log-odds of Yes for each candidate, (n,); raise as `rerank` does."""
    prompt = load_prompt("rerank", expects=frozenset({"request", "product"}))
    told = [_ANSWER.sub("", short_record(candidate.item)) for candidate in candidates]
    chats = [prompt.fill(request=request[:300], product=record) for record in told]
    scores = model.score(chats, ("Yes", "No"))
    return (scores[:, 0] - scores[:, 1]).astype(np.float64)


def joint_order(
    candidates: Sequence[Candidate], fit: NDArray[np.float64], *, weight: float
) -> list[Candidate]:
    """Order candidates by the weighted z-scores of retrieval and fit; weight 0 is retrieval's."""
    retrieval = np.array([candidate.score for candidate in candidates])
    both = (1 - weight) * _standardised(retrieval) + weight * _standardised(fit)
    return [candidates[place] for place in np.argsort(-both, kind="stable")]


def short_record(item: Item) -> str:
    """Return a record as the model reads it, short because prompt length sets a turn's time."""
    facts = ", ".join(f"{name} {value}" for name, value in item.attributes.items() if value)
    told, said = _of_the_product(item.description), _of_the_product(" ".join(item.transcripts))
    parts = (item.title, item.category, price_text(item.price, item.currency), facts,
             told[:_DESCRIPTION], said[:_DESCRIPTION])  # fmt: skip
    return "; ".join(part for part in parts if part)


def _of_the_product(text: str) -> str:
    """Remove every sentence that addresses the model instead of describing the product."""
    return " ".join(one for one in sentences(text) if not _TO_THE_JUDGE.search(one))


def _wording(constraint: Constraint) -> str:
    """Return a constraint's words: as the user said it, and the values that it requires."""
    return " ".join([constraint.said, *(constraint.values if constraint.wants else ())])


def _standardised(values: NDArray[np.float64]) -> NDArray[np.float64]:
    spread = float(values.std())
    return (values - values.mean()) / spread if spread > 0 else np.zeros_like(values)
