"""Is what must not wait heard, in both languages, and is the rest not made into an alarm?"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from grievance.rules.triage import Report, Urgent, Why, propose
from grievance.terms import Lane
from grievance.vocabulary import Harm, Severity

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)

BITES = (
    "Le chien du garde m'a mordu à la jambe ce matin",
    "Morsure de chien au village, l'homme saigne",
    "Les gardes ont lâché leurs chiens sur nous",
    "Mbwa ya walinzi imemuluma baba yangu",
    "Nimeumwa na mbwa wa kampuni karibu na mgodi",
    "Imbwa ya mine ilimurarua mwanamuke mukono",
    "Jana alilumwa na imbwa ya sentinelle",
)
RAPES = (
    "Un agent de gardiennage a violé ma voisine",
    "Elle a été violée près de la barrière du site",
    "Ils ont abusé d'elle derrière le dépôt",
    "Le garde exige des rapports sexuels pour laisser passer",
    "Il m'a touché les seins pendant la fouille",
    "Mlinzi alimbaka dada yangu",
    "Amebakwa na walinzi wawili usiku",
    "Alichukua mwanamuke kwa nguvu mu pori",
    "Mulinzi alilala naye bila kukubali",
    "Ukatili wa kingono kwenye mine",
    "Mlinzi anataka nilale naye ili nipate kazi",
    "Walimlawiti kijana",
)
HELD = (
    "Mon frère est détenu depuis hier dans un conteneur de la mine",
    "Ils l'ont arrêté sans raison et l'ont mis au cachot",
    "Les gardes ont enfermé trois creuseurs",
    "Mon mari n'est pas rentré, il était parti au site",
    "Bamemufunga kaka yangu tangu asubuhi",
    "Amefungwa ku kasho ya mine",
    "Walinzi wamemkamata mchimbaji na hawamwachi",
    "Walimushika baba na kumupeleka polisi ya migodi",
    "Ils l'ont emmené, on ne sait pas où",
    "Wamemupeleka, hatujui wapi",
    "Bwana yangu hajarudi, alikwenda ku mgodi",
)
SHOTS = (
    "Les gardes ont tiré sur les creuseurs",
    "Il a reçu une balle dans la jambe",
    "On a entendu des coups de feu près de la clôture",
    "Walinzi walipiga risasi, mtu mmoja ameumia",
    "Walitupigia masasi karibu na kijiji",
)
DANGERS = (
    "Au secours, les gardes entrent dans nos maisons",
    "Ils vont me tuer si je parle",
    "Ils nous frappent en ce moment devant la mine",
    "Il est inconscient, il perd du sang",
    "Tuko kwenye hatari, walinzi wanakuja",
    "Wanatupiga sasa hivi ku barrière",
    "Walinzi walisema wataniua leo usiku",
    "Anatoka damu nyingi, tusaidie",
)
CHILDREN = (
    "Les gardes ont battu mon enfant près de la mine",
    "Un écolier a été frappé par un agent",
    "Le blessé a 14 ans",
    "Une victime de douze ans a été giflée par le garde",
    "Walimpiga mtoto wangu na fimbo",
    "Mutoto alipigwa na mulinzi",
    "Aliyepigwa ana miaka 15",
    "Aliyepigwa ana miaka kumi na mbili",
    "Mbwa ilimuluma mwanafunzi",
)
QUIET = (
    "Le bruit des camions nous empêche de dormir",
    "La poussière de la route salit le linge",
    "Nous n'avons pas reçu notre salaire d'octobre",
    "Le garde n'avait pas de badge",
    "Vumbi ya malori inaingia ndani ya nyumba",
    "Hatujalipwa mushahara ya mwezi",
    "Naomba mnipigie simu kesho",
    "Walinzi wanapita usiku na kelele nyingi",
    "Bonjour, je voudrais une information",
    "Les mineurs demandent une réunion avec la société",
)


def heard(text: str) -> Report:
    return Report(text=text)


@pytest.mark.parametrize("text", BITES)
def test_whoever_tells_of_a_dog_is_told_about_rabies(text: str) -> None:
    proposal = propose(heard(text), NOW)
    assert Urgent.DOG_BITE in proposal.urgent
    assert Harm.DOG_ATTACK in proposal.harms
    assert proposal.severity in {Severity.NOW, Severity.CRITICAL}


@pytest.mark.parametrize("text", RAPES)
def test_sexual_violence_goes_to_its_lane_and_rings_when_the_day_is_unknown(text: str) -> None:
    proposal = propose(heard(text), NOW)
    assert proposal.lane is Lane.SEXUAL_VIOLENCE
    assert Urgent.SEXUAL_VIOLENCE in proposal.urgent
    assert proposal.severity is Severity.NOW


@pytest.mark.parametrize("text", HELD)
def test_a_person_who_may_be_held_rings_the_duty_roster(text: str) -> None:
    proposal = propose(heard(text), NOW)
    assert Urgent.HELD in proposal.urgent
    assert Why.HELD in proposal.reasons
    assert proposal.severity is Severity.NOW


@pytest.mark.parametrize("text", SHOTS)
def test_shots_ring_the_duty_roster(text: str) -> None:
    proposal = propose(heard(text), NOW)
    assert Harm.SHOOTING in proposal.harms
    assert proposal.severity is Severity.NOW


@pytest.mark.parametrize("text", DANGERS)
def test_words_of_danger_count_without_the_danger_question(text: str) -> None:
    proposal = propose(heard(text), NOW)
    assert proposal.urgent[0] is Urgent.DANGER
    assert proposal.severity is Severity.NOW


@pytest.mark.parametrize("text", CHILDREN)
def test_a_harmed_child_is_seen_by_word_or_by_age(text: str) -> None:
    proposal = propose(heard(text), NOW)
    assert Harm.CHILD_HARMED in proposal.harms
    assert proposal.lane is Lane.CHILD
    assert proposal.severity is Severity.NOW


@pytest.mark.parametrize("text", QUIET)
def test_what_hurts_nobody_wakes_nobody(text: str) -> None:
    proposal = propose(heard(text), NOW)
    assert proposal.urgent == ()
    assert proposal.lane is Lane.GENERAL
    assert proposal.severity in {Severity.SERIOUS, Severity.OTHER}


@pytest.mark.parametrize(
    "text",
    [
        "Nous travaillons ici depuis 10 ans et ils nous ont frappés",
        "Il y a 5 ans le garde m'a battu",
        "Un homme de vingt-deux ans a été battu",
        "Un homme de 35 ans a été battu",
        "Alipigwa, ana miaka 40",
        "Alipigwa, ana miaka kumi na nane",
        "Walinipiga miaka 10 iliyopita",
    ],
)
def test_years_of_work_and_grown_men_are_not_taken_for_children(text: str) -> None:
    proposal = propose(heard(text), NOW)
    assert Harm.ASSAULT in proposal.harms
    assert Harm.CHILD_HARMED not in proposal.harms


@pytest.mark.parametrize(
    "text",
    [
        "Njia imefungwa na kampuni",
        "Walinzi wamefunga barabara ya kijiji",
        "Les gardes ont bloqué le chemin de la source d'eau",
    ],
)
def test_a_closed_road_is_not_a_closed_cell(text: str) -> None:
    proposal = propose(heard(text), NOW)
    assert Harm.BLOCKED_WAY in proposal.harms
    assert Harm.DETENTION not in proposal.harms


@pytest.mark.parametrize("text", ["Naomba unipigie simu", "Alipiga simu kwa mine", "Violation du contrat"])
def test_a_telephone_call_is_not_a_blow_and_a_breach_is_not_a_rape(text: str) -> None:
    proposal = propose(heard(text), NOW)
    assert not proposal.harms & {Harm.SEXUAL_VIOLENCE, Harm.DETENTION, Harm.SHOOTING}
    assert proposal.urgent == ()


@pytest.mark.parametrize(
    ("text", "harm"),
    [
        ("Ils demandent un pot-de-vin pour passer", Harm.EXTORTION),
        ("Walitunyang'anya pesa, wanaomba matabishi", Harm.EXTORTION),
        ("On m’a volé mon vélo au poste", Harm.THEFT),
        ("Wameniibia simu, ni wizi", Harm.THEFT),
        ("Nos maisons détruites, déguerpissement sans préavis", Harm.EVICTION),
        ("Wanatufukuza, nyumba yangu ilibomolewa", Harm.EVICTION),
        ("Il m'a menacé avec son arme", Harm.THREATS),
        ("Wanatoa vitisho kila siku", Harm.THREATS),
        ("Ils se vengent depuis ma plainte", Harm.RETALIATION),
        ("Wanalipiza kisasi", Harm.RETALIATION),
        ("Un homme a été tué à la clôture", Harm.DEATH),
        ("Mchimbaji ameuawa, walimuua walinzi", Harm.DEATH),
        ("Ils ont torturé un creuseur", Harm.TORTURE),
        ("Waliteswa usiku mzima", Harm.TORTURE),
        ("Bakamuuwa kaka", Harm.DEATH),
        ("Le garde a frapé mon frère", Harm.ASSAULT),
        ("Wako wanatesa mutu ku container", Harm.TORTURE),
        ("Gaz lacrymogène dans le quartier", Harm.ASSAULT),
        ("Walitupiga bomu la machozi", Harm.ASSAULT),
        ("Pas de salaire ni de congé", Harm.WORKING_CONDITIONS),
        ("Votre ONG m'a demandé de l'argent", Harm.ABOUT_US),
    ],
)
def test_words_of_the_field_propose_their_harm(text: str, harm: Harm) -> None:
    assert harm in propose(heard(text), NOW).harms
