"""What do a poster and a card say? Every sentence of them, in French and in Swahili."""

from __future__ import annotations

from grievance.vocabulary import Language

# A length of time by its unit in the deadline policy; both places of a sentence take it whole.
DAYS: dict[Language, dict[str, str]] = {
    Language.FRENCH: {
        "min": "{amount} minutes", "h": "{amount} heures", "d": "{amount} jours",
        "wd": "{amount} jours ouvrables",
    },
    Language.SWAHILI: {
        "min": "dakika {amount}", "h": "masaa {amount}", "d": "siku {amount}", "wd": "siku {amount} za kazi",
    },
}  # fmt: skip

# `first` takes {soon} and {late}, `company` {company_soon} and {company_late}, `end` {outcome}, `who` {desk},
# `help` {help_line} and {help_day}, `ring_some` {ringing}. `ring` is where every number tells us of calls,
# `ring_some` where some do, `bip` where none does. Each language has the same names.
WORDS: dict[Language, dict[str, str | list[str]]] = {
    Language.FRENCH: {
        "title": "Des gardes vous ont fait du mal ?",
        "lead": "Dites-le-nous. C'est gratuit.",
        "what": "Ce que vous pouvez signaler",
        "harms": [
            "Coups, blessures, tirs, mort",
            "Chien qui mord ou attaque",
            "Personne enfermée ou menacée",
            "Argent exigé, vol",
            "Violence sexuelle : sans avoir à raconter",
            "Maison ou champ détruit, chemin ou eau fermés",
        ],
        "guards": "Les gardes aussi peuvent porter plainte.",
        "how": "Comment faire",
        "text": "Envoyez un SMS : quoi, où, quand. Français ou kiswahili.",
        "ring": "Sonnez et raccrochez : nous vous rappelons.",
        "ring_some": "Sonnez au {ringing} et raccrochez : nous vous rappelons.",
        "bip": "Envoyez BIP : nous vous rappelons.",
        "danger": "En danger maintenant ? Mettez-vous à l'abri, puis envoyez DANGER.",
        "web": "Ou sur internet : scannez le code, le lieu est déjà rempli.",
        "next": "Ce qui se passe ensuite",
        "first": "Une personne vous répond : en {soon} si c'est grave, en {late} au plus.",
        "company": (
            "Si vous êtes d'accord, la société reçoit un résumé sans votre nom. Elle répond en "
            "{company_soon} si c'est grave, en {company_late} au plus."
        ),
        "late": "Pas de réponse à temps ? L'affaire monte plus haut.",
        "end": "Vous dites si la réponse vous va. Fin au plus tard après {outcome}.",
        "free": "Gratuit : personne ne peut vous demander d'argent. Un SMS coûte le prix de l'opérateur.",
        "name": "Votre nom n'est pas obligatoire. La société ne lit rien sans votre accord.",
        "who": "Une ONG vous lit, pas la police ni la mine : {desk}.",
        "care": "Effacez vos SMS après. Ce service ne remplace aucun tribunal.",
        "help": "Aide tout de suite, par une autre organisation : {help_line} (vérifié le {help_day}).",
        "fiction": "DONNÉES FICTIVES",
        "card_title": "Gardes, chiens, coups, vol ?",
        "card_text": "Envoyez un SMS : quoi, où, quand.",
        "card_free": "Gratuit. Sans nom. Une ONG vous lit. Les gardes aussi peuvent porter plainte.",
    },
    Language.SWAHILI: {
        "title": "Walinzi wamekukosea?",
        "lead": "Tuambie. Ni bure.",
        "what": "Unaweza kutuambia nini",
        "harms": [
            "Kupigwa, kuumizwa, risasi, kifo",
            "Mbwa aliyeuma ao kushambulia",
            "Mtu amefungwa ao ametishwa",
            "Kuombwa pesa kwa nguvu, wizi",
            "Ukatili wa kingono: si lazima kueleza",
            "Nyumba ao shamba kuharibiwa, njia ao maji kufungwa",
        ],
        "guards": "Walinzi pia wanaweza kutoa malalamiko.",
        "how": "Namna ya kufanya",
        "text": "Tuma SMS: nini, wapi, lini. Kwa Kiswahili ao Kifaransa.",
        "ring": "Piga kidogo (bip) na ukate: tutakupigia.",
        "ring_some": "Piga kidogo (bip) {ringing} na ukate: tutakupigia.",
        "bip": "Tuma BIP: tutakupigia.",
        "danger": "Uko kwenye hatari sasa? Jiweke mahali salama, kisha tuma HATARI.",
        "web": "Ao kwa internet: piga picha ya QR, mahali pameisha kujazwa.",
        "next": "Kisha nini kitafanyika",
        "first": "Mtu atakujibu: ndani ya {soon} kama ni jambo kubwa, {late} zaidi sana.",
        "company": (
            "Kama unakubali, kampuni itapata maelezo mafupi bila jina lako. Itajibu ndani ya {company_soon} "
            "kama ni jambo kubwa, {company_late} zaidi sana."
        ),
        "late": "Hawakujibu kwa wakati? Jambo linapelekwa ngazi ya juu.",
        "end": "Wewe unasema kama jibu linakufaa. Mwisho kabla ya {outcome}.",
        "free": "Ni bure: mtu yeyote asikuombe pesa. SMS inalipwa bei ya operateur.",
        "name": "Jina si lazima. Kampuni haitasoma kitu bila wewe kukubali.",
        "who": "ONG inasoma, si polisi wala mine: {desk}.",
        "care": "Kisha futa SMS zako. Huduma hii haichukui nafasi ya mahakama.",
        "help": "Msaada sasa hivi, kwa ONG ingine: {help_line} (ilihakikishwa {help_day}).",
        "fiction": "DATA ZA MFANO",
        "card_title": "Walinzi, mbwa, kupigwa, wizi?",
        "card_text": "Tuma SMS: nini, wapi, lini.",
        "card_free": "Ni bure. Jina si lazima. ONG inasoma. Walinzi pia wanaweza kutoa malalamiko.",
    },
}
# Whoever finds this in a pocket learns nothing: no complaint, mine, company, guard, police, harm or danger,
# no name of an organisation, no place, and an address without a telling word.
NEUTRAL: dict[Language, dict[str, str | list[str]]] = {
    Language.FRENCH: {
        "card_title": "On vous écoute",
        "card_text": "Envoyez un SMS. Une personne vous répond.",
        "ring": "Ou sonnez et raccrochez : nous vous rappelons.",
        "ring_some": "Ou sonnez au {ringing} et raccrochez : nous vous rappelons.",
        "bip": "Ou envoyez BIP : nous vous rappelons.",
        "card_free": "Gratuit. Votre nom n'est pas obligatoire.",
        "fiction": "EXEMPLE",
    },
    Language.SWAHILI: {
        "card_title": "Tunakusikiliza",
        "card_text": "Tuma SMS. Mtu atakujibu.",
        "ring": "Ao piga kidogo (bip) na ukate: tutakupigia.",
        "ring_some": "Ao piga kidogo (bip) {ringing} na ukate: tutakupigia.",
        "bip": "Ao tuma BIP: tutakupigia.",
        "card_free": "Ni bure. Jina si lazima.",
        "fiction": "MFANO",
    },
}
