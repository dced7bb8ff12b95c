"""What do the fictional people tell? Simple sentences in French and Swahili; nobody and nothing is real."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from grievance.vocabulary import Harm, Language, RemedyKind

FR, SW = Language.FRENCH, Language.SWAHILI
MARK = {FR: "(Données fictives.)", SW: "(Habari za mfano.)"}

WHERE = {
    FR: ("près du portail", "au bord du chemin", "derrière le dépôt", "au passage vers la rivière",
         "près du remblai", "devant la barrière", "sur la piste du village"),
    SW: ("karibu na mlango", "pembeni ya njia", "nyuma ya depo", "kwenye njia ya mtoni",
         "karibu na kilima cha mawe", "mbele ya kizuizi", "kwenye barabara ya kijiji"),
}  # fmt: skip
WHEN = {
    FR: ("le matin", "vers midi", "le soir", "avant la nuit", "à l'heure du marché"),
    SW: ("asubuhi", "saa sita mchana", "jioni", "kabla ya usiku", "saa za soko"),
}
WHO = {
    FR: ("Deux gardes en bleu", "Des gardes avec une radio", "Des gardes en pick-up", "Trois agents"),
    SW: ("Walinzi wawili wa bluu", "Walinzi na radio", "Walinzi ndani ya gari", "Walinzi watatu"),
}  # fmt: skip


@dataclass(frozen=True)
class Plot:
    """One kind of event: its harm, what is told of it, what is referred, answered and promised."""

    harm: Harm
    told: dict[Language, str] = field(repr=False)
    summary: str = field(repr=False)
    answer: str = field(repr=False)
    remedy: RemedyKind = RemedyKind.APOLOGY
    wished: dict[Language, str] = field(default_factory=dict, repr=False)


PLOTS = (
    Plot(
        Harm.ASSAULT,
        {FR: "{who} m'ont frappé avec des bâtons {where}, {when}. Mon bras est enflé, j'ai payé les soins.",
         SW: "{who} walinipiga na fimbo {where}, {when}. Mkono umevimba na nimelipa dispensaire."},
        "Une personne dit avoir été frappée par des gardes près du site; elle a payé des soins.",
        "Nous avons entendu l'équipe de service. Deux agents sont suspendus; nous payons les soins.",
        RemedyKind.MEDICAL_COSTS,
        {FR: "Qu'ils paient les soins.", SW: "Walipe matibabu."},
    ),
    Plot(
        Harm.DOG_ATTACK,
        {FR: "Le chien d'un garde m'a mordue à la jambe {where}, {when}. Il n'avait pas de laisse.",
         SW: "Mbwa wa mlinzi alinuma mguu {where}, {when}. Hakuwa na kamba."},
        "Une personne dit avoir été mordue par un chien de garde sans laisse.",
        "Le chien est retiré du terrain et observé. Son carnet de vaccination est joint.",
        RemedyKind.DOG_WITHDRAWN,
        {FR: "Que le chien ne vienne plus au village.", SW: "Mbwa asirudi kijijini."},
    ),
    Plot(
        Harm.EXTORTION,
        {FR: "{who} demandent 5000 francs à chaque passage {where}. Ceux qui ne paient pas font demi-tour.",
         SW: "{who} wanaomba pesa 5000 kila tunapopita {where}. Asiyelipa anarudishwa."},
        "Des habitants disent devoir payer des gardes pour passer.",
        "Aucun paiement n'est prévu. Le poste est changé et une affiche le dit désormais.",
        RemedyKind.DISCIPLINE,
        {FR: "Que le passage soit libre.", SW: "Njia iwe wazi bila kulipa."},
    ),
    Plot(
        Harm.BLOCKED_WAY,
        {FR: "Une clôture ferme le chemin de l'eau {where}. Les femmes font deux heures de détour.",
         SW: "Uzio umefunga njia ya maji {where}. Wanawake wanazunguka masaa mawili."},
        "Une clôture ferme un chemin vers l'eau qui servait au village.",
        "Une porte sera ouverte de 6h à 18h. Un plan est joint.",
        RemedyKind.WAY_REOPENED,
        {FR: "Une porte pour aller à l'eau.", SW: "Mlango wa kwenda kwa maji."},
    ),
    Plot(
        Harm.THREATS,
        {FR: "{who} m'ont dit de ne plus venir {where}, sinon ils cassent mon vélo. C'était {when}.",
         SW: "{who} waliniambia nisirudi {where}, ao watavunja kinga yangu. Ilikuwa {when}."},
        "Une personne dit avoir été menacée par des gardes sur une piste publique.",
        "Les consignes ont été rappelées. Le chef d'équipe présente ses excuses.",
        RemedyKind.APOLOGY,
    ),
    Plot(
        Harm.THEFT,
        {FR: "{who} ont pris mon vélo et deux sacs de braise {where}, {when}. Rien n'est rendu.",
         SW: "{who} walichukua kinga yangu na mifuko miwili ya makala {where}, {when}. Hawakurudisha."},
        "Une personne dit que des gardes ont pris son vélo et sa marchandise.",
        "Le vélo est au poste et sera rendu. Les sacs sont remboursés.",
        RemedyKind.RESTITUTION,
        {FR: "Rendre le vélo.", SW: "Warudishe kinga."},
    ),
    Plot(
        Harm.DETENTION,
        {FR: "{who} ont enfermé mon frère dans un conteneur {where}, {when}. Il a été libéré le lendemain.",
         SW: "{who} walimufunga ndugu yangu ndani ya konteneri {where}, {when}. Aliachiliwa kesho yake."},
        "Une personne dit avoir été enfermée une nuit par des gardes, sans remise à la police.",
        "La personne devait être remise à la police. Cela n'a pas été fait: le chef de poste est relevé.",
        RemedyKind.DISCIPLINE,
    ),
    Plot(
        Harm.UNIDENTIFIED_GUARD,
        {FR: "Des gardes sans badge contrôlent les gens {where}, {when}. On ne sait pas qui ils sont.",
         SW: "Walinzi bila kitambulisho wanapekua watu {where}, {when}. Hatujui wanafanyia nani kazi."},
        "Des gardes sans badge contrôlent les passants.",
        "Les badges sont obligatoires; une inspection a eu lieu et les nouveaux badges sont remis.",
        RemedyKind.TRAINING,
    ),
    Plot(
        Harm.WORKING_CONDITIONS,
        {FR: "Je suis garde. Nous travaillons 16 heures sans repos. Le salaire a deux mois de retard.",
         SW: "Mimi ni mlinzi. Tunafanya kazi masaa 16 bila kupumzika. Mushahara umechelewa miezi miwili."},
        "Des gardes disent travailler seize heures, avec deux mois de retard de salaire.",
        "Les salaires sont payés cette semaine; le tableau de service est revu.",
        RemedyKind.COMPENSATION,
    ),
)  # fmt: skip

SEXUAL_VIOLENCE = {
    FR: "Je veux parler à une femme. C'est une violence sexuelle. Je ne veux pas écrire plus.",
    SW: "Nataka kuongea na mwanamke. Ni ukatili wa kingono. Sitaki kuandika zaidi.",
}
CHILD = {
    FR: "Un garde a frappé un enfant de dix ans qui ramassait du bois {where}, {when}.",
    SW: "Mlinzi alimupiga mutoto wa miaka kumi aliyekuwa anaokota kuni {where}, {when}.",
}
ABOUT_US = {
    FR: "L'agent de l'ONG m'a demandé de l'argent pour écrire ma plainte.",
    SW: "Mtu wa ONG aliniomba pesa ili aandike malalamiko yangu.",
}
FIRST_WORDS = {
    FR: "Bonjour. Nous avons lu votre message. Êtes-vous en sécurité? Quand pouvons-nous parler?",
    SW: "Habari. Tumesoma ujumbe wako. Uko salama? Tunaweza kuongea lini?",
}
TOLD = {
    FR: "La société a répondu: {answer} Cela vous va?",
    SW: "Kampuni imejibu. Tumekuelezea jibu kwa simu. Unakubali?",
}
CLOSED = {
    FR: "Nous fermons le dossier comme convenu. Vous pouvez le contester pendant 60 jours.",
    SW: "Tunafunga kesi kama tulivyokubaliana. Unaweza kupinga kwa siku 60.",
}


def tell(told: dict[Language, str], language: Language, chance: Random) -> str:
    """The story in one language, with a place, a time and people of its own, marked as fictional."""
    parts = {name: chance.choice(words[language]) for name, words in
             (("where", WHERE), ("when", WHEN), ("who", WHO))}  # fmt: skip
    return f"{told[language].format(**parts)} {MARK[language]}"
