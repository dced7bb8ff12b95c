"""In which language does a text seem to be? French, Swahili, one that we do not speak, or nobody can tell."""

from __future__ import annotations

import re

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from grievance.actions.sms_keys import Tongue
from grievance.rules.matching import fold
from grievance.vocabulary import Language

# Small words that no story does without; they tell more of a short text than its letters do.
FRENCH = frozenset(
    re.findall(
        r"\w+",
        """je j il elle on nous vous ils le la les un une des du de d au aux et est sont a ont m me mon ma mes
        son sa ses notre nos dans sur avec pour par chez pas ne ce cette qui que hier aujourd hui demain garde
        gardes""",
    )
)
SWAHILI = frozenset(
    re.findall(
        r"\w+",
        """na ya wa kwa ni la za cha vya katika hapa yangu wangu yetu wetu yake wake leo jana kesho mimi yeye
        sisi wao mtu watu walinzi mlinzi mulinzi askari mbwa imbwa mwanamke mtoto mutoto alikuwa bila sana pia
        lakini juu""",
    )
)
# Fewer words than this say too little to call a language foreign.
ENOUGH_WORDS = 6
SURE = 0.9


def guess(text: str) -> Tongue:
    """What the small words tell, else what the letters do. Never raises."""
    words = fold(text).split()
    french = sum(word in FRENCH for word in words)
    swahili = sum(word in SWAHILI for word in words)
    if french != swahili:
        return Tongue(Language.FRENCH if french > swahili else Language.SWAHILI)
    if not words:
        return Tongue()
    ranked = _letters().rank(text)
    likely = dict(ranked)
    ours = {language: likely[language] for language in (Language.FRENCH, Language.SWAHILI)}
    first = max(ours, key=ours.__getitem__)
    if len(words) >= ENOUGH_WORDS and ranked[0][0] not in ours:
        return Tongue(other=True)
    sure = ours[first] >= SURE * sum(ours.values())
    return Tongue(first) if sure and len(words) > 1 else Tongue()


_loaded: list[LanguageIdentifier] = []


def _letters() -> LanguageIdentifier:
    """The model, loaded at the first text that needs it."""
    if not _loaded:
        _loaded.append(LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True))
    return _loaded[0]
