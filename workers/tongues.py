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
        son sa ses notre nos dans sur avec pour par chez pas ce cette qui que hier aujourd hui demain garde
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
# Words that Swahili of Katanga has and its neighbours have not. "na", "ya", "mu", "ku", "mbwa", "imbwa" are
# left out: Bemba, Kiluba and Tshiluba say them too.
SWAHILI_ALONE = frozenset(
    re.findall(
        r"\w+",
        """katika kwenye ndani juu hapa pale karibu kuhusu sababu lakini pia hata kama ao hakuna habari
        hatari msaada musaada leo jana kesho sasa usiku asubuhi siku saa mwezi mimi sisi yeye yangu wangu
        langu changu zangu kwangu yake wake yao wao watu mtu huyu hii hiyo hawa hao yule wale nini wapi
        nani lini bado kila kitu vitu mbaya kidogo wote yote wawili mmoja kumi niko iko tuko yuko wako
        kuko mlinzi mulinzi walinzi balinzi mtoto mutoto watoto batoto mwanamke mwanamuke wanawake kijiji
        nyumba njia pesa simu mgodi migodi kampuni""",
    )
)
# Tenses that only Swahili builds so: -me-, nili-, wana-, ha-; and -li- with the one it was done to behind it.
TENSES = re.compile(
    r"(?:ni|a|u|tu|mu|wa|ba|i|li|ya|zi|ki)me(?!na|ne|no|nsh)[a-z]{2,}"
    r"|nili[a-z]{3,}|(?:ni|wa|tu)na[a-z]{4,}|ha(?:wa|tu|ku|ja|i)[a-z]{3,}"
    r"|(?:wali|ili)(?:ni|mu|m|tu|wa|ku)[a-z]{3,}|a(?:li|ta)(?:ni|m|pi|ye)[a-z]{3,}|na(?:omba|taka)"
    r"|(?:a|ba|tu|ni|mu)naku(?!lu)[a-z]{2,}"
)
# Fewer words than this are believed as they seem: they hold no small word to miss.
ENOUGH_TO_DOUBT = 4
# Fewer words than this say too little to call a language foreign.
ENOUGH_WORDS = 6
SURE = 0.9


def guess(text: str) -> Tongue:
    """What the small words tell, else what the letters do. Never raises.

    The model knows none of Katanga's other languages and takes them for Swahili. So a text of four words or
    more that seems Swahili is doubted unless it has a word or a tense that only Swahili has. Measured on
    made-up sentences (`tests/workers/test_tongues.py`): all 32 that the words were chosen by are still
    Swahili, and of 20 written afterwards 17; the other 3 become a call-back that was not needed. Of 23 in
    Bemba, Kiluba and Tshiluba none is taken for Swahili; shorter ones still can be. Texts of real people
    were not at hand.
    """
    words = fold(text).split()
    seems = _seems(text, words)
    marks = sum(word in SWAHILI_ALONE or TENSES.fullmatch(word) is not None for word in words)
    if seems.language is Language.SWAHILI and len(words) >= ENOUGH_TO_DOUBT and not marks:
        return Tongue(other=True)
    return Tongue(Language.SWAHILI) if seems.other and marks > 1 else seems


def _seems(text: str, words: list[str]) -> Tongue:
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
