"""Do a poster and a card say what people near a mine must know, and does the neutral card betray nothing?"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
import segno
import typst
from PIL import Image
from pypdf import PdfReader

from grievance import posters
from grievance.posters import TONGUES, Line, Outreach, Promise, Promises, Sheet
from grievance.posters.words import NEUTRAL, WORDS
from grievance.vocabulary import Language

HERE = "https://ecoute.example.org"
SITE = "3f9c1a52-7d9a-4a53-9d5f-0a3c1e2b4d5f"
WHAT = Outreach(
    site="Site Exemple A", place="Mutshatsha, Lualaba", desk="ONG Exemple Kolwezi",
    lines=(Line("Vodacom", "+243 812 345 678", rings=True), Line("Airtel", "+243 972 345 678", rings=True)),
    addresses={one: f"{HERE}/{one.value}/plainte/lieu?site={SITE}" for one in TONGUES},
    neutral_addresses={one: f"{HERE}/{one.value}/?site={SITE}" for one in TONGUES},
    promises=Promises(
        (Promise(24, "h"), Promise(5, "d")), (Promise(10, "wd"), Promise(30, "d")), Promise(90, "d")
    ),
    printed_on=date(2026, 11, 25),
)  # fmt: skip
LONG = replace(
    WHAT, site="Site " + "Exemple " * 12, desk="Organisation " + "Exemple " * 20,
    lines=tuple(Line("Vodacom", f"+243 812 345 {number:03}", rings=number > 3) for number in range(6)),
    help_line="+243 000 000 000", help_verified_on=date(2026, 11, 1), fictional=True,
)  # fmt: skip
# What a paper in a pocket must not say, in either language: parts of words, without accents.
TELLING = (
    "plaint", "plaind", "malalamiko", "lalami", "mine", "mgodi", "migodi", "societe", "kampuni", "entreprise",
    "garde", "mlinzi", "walinzi", "mulinzi", "ulinzi", "police", "polisi", "soldat", "askari", "jeshi",
    "violen", "viol", "ukatili", "coup", "frapp", "batt", "kupigwa", "bless", "umizwa", "chien", "mbwa",
    "tir", "risasi", "danger", "hatari", "menace", "tisha", "vol ", "wizi", "signal", "denonc", "taarifa",
    "abus", "droit", "haki", "ong", "site", "exemple kolwezi", "lualaba", "mutshatsha",
)  # fmt: skip


def _text(kind: Sheet, what: Outreach = WHAT) -> str:
    reader = PdfReader(BytesIO(posters.sheet(kind, what)))
    assert len(reader.pages) == 1
    box = reader.pages[0].mediabox
    assert (round(box.width), round(box.height)) == (595, 842)
    return _typed(reader.pages[0].extract_text())


def _typed(text: str) -> str:
    return " ".join(text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'").split())


def _plain(text: str) -> str:
    return text.casefold().translate(str.maketrans("éèêàâçôûî", "eeeaacoui"))


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (Language.FRENCH, (
            "Les gardes aussi peuvent porter plainte.", "Sonnez et raccrochez : nous vous rappelons.",
            "Gratuit : personne ne peut vous demander d'argent.", "Chien qui mord ou attaque",
            "en 24 heures si c'est grave, en 5 jours au plus",
            "en 10 jours ouvrables si c'est grave, en 30 jours au plus", "Fin au plus tard après 90 jours.",
            "Votre nom n'est pas obligatoire.", "pas la police ni la mine : ONG Exemple Kolwezi.",
        )),
        (Language.SWAHILI, (
            "Walinzi pia wanaweza kutoa malalamiko.", "Piga kidogo (bip) na ukate: tutakupigia.",
            "Ni bure: mtu yeyote asikuombe pesa.", "Mbwa aliyeuma ao kushambulia",
            "ndani ya masaa 24 kama ni jambo kubwa, siku 5 zaidi sana",
            "ndani ya siku 10 za kazi kama ni jambo kubwa, siku 30 zaidi sana",
            "Mwisho kabla ya siku 90.", "Jina si lazima.", "si polisi wala mine: ONG Exemple Kolwezi.",
        )),
    ],
)  # fmt: skip
@pytest.mark.parametrize("alone", [False, True])
def test_a_poster_says_on_one_page_what_to_report_how_and_what_is_promised(
    language: Language, said: tuple[str, ...], alone: bool
) -> None:
    text = _text(Sheet.POSTER, replace(WHAT, tongues=(language,)) if alone else WHAT)
    numbers = ("Vodacom", "+243 812 345 678", "Airtel", "+243 972 345 678")
    for part in (*said, *numbers, "Site Exemple A", "Mutshatsha, Lualaba", "ecoute.example.org"):
        assert part in text, part


def test_a_help_line_is_printed_with_the_day_it_was_verified_and_not_without() -> None:
    assert "Aide tout de suite" not in _text(Sheet.POSTER)
    verified = replace(WHAT, help_line="+243 000 000 000", help_verified_on=date(2026, 11, 1))
    text = _text(Sheet.POSTER, verified)
    assert "par une autre organisation : +243 000 000 000 (vérifié le 01/11/2026)" in text
    assert "+243 000 000 000 (ilihakikishwa 01/11/2026)" in text


@pytest.mark.parametrize("kind", Sheet)
def test_long_names_and_many_numbers_still_fit_one_page(kind: Sheet) -> None:
    text = _text(kind, LONG)
    if kind is Sheet.POSTER:
        assert all(line.number in text for line in LONG.lines)
        assert "Ce service ne remplace aucun tribunal." in text
        assert "haichukui nafasi ya mahakama." in text


@pytest.mark.parametrize("kind", Sheet)
def test_a_desk_without_a_number_promises_no_call(kind: Sheet) -> None:
    text = _text(kind, replace(WHAT, lines=()))
    assert "SMS :" not in text
    assert "raccrochez" not in text
    assert "tutakupigia" not in text


@pytest.mark.parametrize("kind", Sheet)
def test_ring_and_hang_up_is_said_of_numbers_that_tell_us_of_calls_alone(kind: Sheet) -> None:
    vodacom, airtel = (replace(line, rings=False) for line in WHAT.lines)
    text = _text(kind, replace(WHAT, lines=(vodacom, airtel))).lower()
    assert "raccrochez" not in text
    assert "na ukate" not in text
    assert "envoyez bip : nous vous rappelons" in text
    assert "tuma bip: tutakupigia" in text
    text = _text(kind, replace(WHAT, lines=(vodacom, replace(airtel, rings=True)))).lower()
    assert "sonnez au +243 972 345 678 et raccrochez : nous vous rappelons" in text
    assert "piga kidogo (bip) +243 972 345 678 na ukate: tutakupigia" in text
    assert "envoyez bip" not in text


def test_five_cards_fold_to_one_language_in_front_and_the_other_behind() -> None:
    text = _text(Sheet.CARDS)
    assert text.count("Les gardes aussi peuvent porter plainte.") == 5
    assert text.count("Walinzi pia wanaweza kutoa malalamiko.") == 5
    assert text.count("+243 812 345 678") == 10


def test_the_neutral_cards_carry_no_word_that_betrays() -> None:
    pdf = posters.sheet(Sheet.NEUTRAL, replace(LONG, fictional=False))
    text = _plain(_text(Sheet.NEUTRAL, replace(LONG, fictional=False)))
    sentences = [one for words in NEUTRAL.values() for one in words.values()]
    handed = _plain(json.dumps(sentences, ensure_ascii=False))
    for word in TELLING:
        assert word not in text, word
        assert word not in handed, word
    known = PdfReader(BytesIO(pdf)).metadata
    assert {known.title, known.author, known.subject} <= {None, ""}
    assert text.count("+243 812 345 000") == 10


def test_the_word_list_would_find_the_ordinary_cards() -> None:
    text = _plain(_text(Sheet.CARDS))
    assert {"plaint", "garde", "walinzi", "chien", "mbwa", "malalamiko"} <= {w for w in TELLING if w in text}


@pytest.mark.parametrize("kind", Sheet)
@pytest.mark.parametrize("language", TONGUES)
def test_the_code_on_the_paper_is_the_form_with_the_site_filled_in(kind: Sheet, language: Language) -> None:
    neutral = kind is Sheet.NEUTRAL
    wanted = (WHAT.neutral_addresses if neutral else WHAT.addresses)[language]
    drawn = _first_code(kind, replace(WHAT, tongues=(language,)))
    assert drawn == [[bool(module) for module in row] for row in segno.make(wanted, error="m").matrix]


def _first_code(kind: Sheet, what: Outreach) -> list[list[bool]]:
    """The modules of the first code on the printed page: nothing else there is in pure black."""
    page = typst.compile(
        posters.source(kind), sys_inputs=posters.values(kind, what), ignore_system_fonts=True, format="png",
        ppi=400,
    )  # fmt: skip
    picture = Image.open(BytesIO(page)).convert("RGB")
    black = picture.point(lambda value: 255 if value == 0 else 0).split()
    mask = Image.merge("RGB", black).convert("L").point(lambda value: 255 if value > 250 else 0)
    left, top, right, _ = mask.getbbox()
    first = mask.crop((left, top, mask.width, mask.height))
    finder = next(at for at in range(first.width) if not first.getpixel((at, 2)))
    side = _side(first, finder)
    count = round(side / (finder / 7))
    step = side / count
    return [
        [first.getpixel((int((x + 0.5) * step), int((y + 0.5) * step))) > 0 for x in range(count)]
        for y in range(count)
    ]


def _side(code: Image.Image, finder: int) -> int:
    """How wide the first code is: its top row ends with the second finder, as wide as the first."""
    run, at = 0, finder
    while run < finder * 0.95:
        run = run + 1 if code.getpixel((at, 2)) else 0
        at += 1
    return at


def test_both_languages_have_the_same_sentences_with_the_same_places() -> None:
    for table in (WORDS, NEUTRAL):
        french, swahili = (table[language] for language in TONGUES)
        assert french.keys() == swahili.keys()
        for name in french:
            places = [set(re.findall(r"{(\w+)}", str(words[name]))) for words in (french, swahili)]
            assert places[0] == places[1], name
