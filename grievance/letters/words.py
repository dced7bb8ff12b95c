"""What does a letter to a company say? Every sentence of it, in each language a company may read."""

from __future__ import annotations

from grievance.vocabulary import Language

# `until` takes {day}, `subject` {code}, `how` {desk} and {code}. Each language has the same names.
WORDS: dict[Language, dict[str, str]] = {
    Language.FRENCH: {
        "reference": "Référence",
        "date": "Date",
        "page": "Page",
        "confidential": "Confidentiel : à ouvrir par le destinataire seul.",
        "subject": "Objet : demande de réponse, dossier {code}",
        "greeting": "Madame, Monsieur,",
        "opening": (
            "Des faits qui concernent votre entreprise nous ont été rapportés. Vous en trouverez ci-dessous "
            "le résumé. Il dit ce qui nous a été rapporté, sans préjuger de ce que l'examen montrera. Nous "
            "vous demandons d'y répondre aux dates indiquées."
        ),
        "reported": "Les faits rapportés",
        "wish": "La réparation souhaitée",
        "asking": "Ce que nous vous demandons",
        "until": "Au plus tard le {day}",
        "acknowledge": "Accuser réception de cette lettre.",
        "answer": (
            "Répondre par écrit sur le fond : ce que vous avez établi, ce que vous avez fait, ce que vous "
            "proposez pour réparer."
        ),
        "interim": (
            "Conserver les images des caméras, le registre radio et le tour de garde. Tenir les agents "
            "concernés éloignés. S'il s'agit d'un chien : le garder en vie et en observation, et produire "
            "son carnet de vaccination. Nous écrire ce qui a été fait."
        ),
        "meanwhile": (
            "D'ici là, conservez les images, les registres et les rapports qui se rapportent à ces faits. "
            "Si le délai ne suffit pas, écrivez-nous avant son terme, avec la raison : il peut être "
            "prolongé une seule fois. Sans réponse à ces dates, le dossier peut être porté à un niveau "
            "supérieur."
        ),
        "answering": "Comment répondre",
        "how": (
            "Répondez par écrit à {desk}, à l'adresse en tête de cette lettre, en citant la référence "
            "{code}. Si ces faits ne concernent pas votre entreprise, dites-le-nous, avec la raison. "
            "Répondre n'est pas reconnaître une faute."
        ),
        "protection": "Pas de représailles",
        "reprisals": (
            "Nul ne doit chercher à savoir qui nous a parlé, ni menacer, sanctionner ou désavantager "
            "quiconque en raison de cette lettre. Tout acte de représailles sera traité en urgence, comme "
            "une nouvelle plainte. Ne montrez cette lettre qu'aux personnes qui doivent y répondre, jamais "
            "à une personne qu'elle met en cause."
        ),
        "closing": "Veuillez agréer, Madame, Monsieur, l'expression de notre considération distinguée.",
        "signed": "Pour",
        "signature": "Nom, fonction, signature, cachet",
        "seal": "Empreinte du journal du {sealed_on} : {sealed}",
        "footer": (
            "Ce service est gratuit pour qui se plaint. Il ne remplace aucun tribunal et n'arrête aucun "
            "délai légal."
        ),
    },
    Language.SWAHILI: {
        "reference": "Namba ya rejea",
        "date": "Tarehe",
        "page": "Ukurasa",
        "confidential": "Siri: ifunguliwe na anayeandikiwa tu.",
        "subject": "Kuhusu: tunaomba jibu, shauri {code}",
        "greeting": "Bibi, Bwana,",
        "opening": (
            "Tumepokea taarifa ya matukio yanayohusu kampuni yenu. Hapa chini ni maelezo mafupi. Yanasema "
            "tuliyoambiwa; hatujaamua bado ukweli ni nini. Tunaomba mjibu kwa tarehe zilizoandikwa hapa."
        ),
        "reported": "Matukio tuliyoambiwa",
        "wish": "Suluhisho linaloombwa",
        "asking": "Tunachoomba",
        "until": "Tarehe ya mwisho {day}",
        "acknowledge": "Tuambieni kwamba mmepokea barua hii.",
        "answer": "Jibuni kwa maandishi: mmegundua nini, mmefanya nini, na mnapendekeza suluhisho gani.",
        "interim": (
            "Chungeni picha za kamera, kitabu cha radio na orodha ya walinzi wa zamu. Walinzi wanaohusika "
            "wakae mbali. Kama ni mbwa: aishi na achunguzwe, na mtuonyeshe karatasi yake ya chanjo. "
            "Tuandikieni mliyofanya."
        ),
        "meanwhile": (
            "Kwa sasa, chungeni picha, vitabu na ripoti zote zinazohusu matukio haya. Kama muda hautoshi, "
            "tuandikieni kabla haujaisha na mseme sababu: unaweza kuongezwa mara moja tu. Bila jibu kwa "
            "tarehe hizi, shauri linaweza kupelekwa ngazi ya juu."
        ),
        "answering": "Namna ya kujibu",
        "how": (
            "Jibuni kwa maandishi kwa {desk}, kwa anwani iliyo juu ya barua hii, na mtaje namba ya rejea "
            "{code}. Kama matukio haya hayahusu kampuni yenu, tuambieni na mseme sababu. Kujibu si kukubali "
            "kosa."
        ),
        "protection": "Hakuna kulipiza kisasi",
        "reprisals": (
            "Mtu yeyote asitafute kujua nani alizungumza nasi. Asimtishe, asimwadhibu wala asimdhuru mtu "
            "yeyote kwa sababu ya barua hii. Kulipiza kisasi kutashughulikiwa haraka, kama malalamiko "
            "mapya. Onyesheni barua hii kwa wanaopaswa kujibu tu, kamwe si kwa mtu anayelaumiwa ndani yake."
        ),
        "closing": "Pokeeni heshima zetu.",
        "signed": "Kwa niaba ya",
        "signature": "Jina, kazi, sahihi, muhuri",
        "seal": "Alama ya daftari ya {sealed_on}: {sealed}",
        "footer": (
            "Huduma hii ni ya bure kwa anayelalamika. Haichukui nafasi ya mahakama, na haisimamishi muda wa "
            "sheria."
        ),
    },
    Language.ENGLISH: {
        "reference": "Reference",
        "date": "Date",
        "page": "Page",
        "confidential": "Confidential: to be opened by the addressee only.",
        "subject": "Request for an answer, matter {code}",
        "greeting": "Dear Sir or Madam,",
        "opening": (
            "Events that concern your company have been reported to us. A summary follows. It states what "
            "was reported to us and does not prejudge what an examination will show. We ask you to answer "
            "by the dates given."
        ),
        "reported": "What was reported",
        "wish": "The remedy that is wished",
        "asking": "What we ask of you",
        "until": "By {day}",
        "acknowledge": "Acknowledge receipt of this letter.",
        "answer": (
            "Answer in writing and in substance: what you have established, what you have done, and what "
            "you propose to put it right."
        ),
        "interim": (
            "Keep the camera recordings, the radio log and the duty roster. Keep the guards concerned away. "
            "If it concerns a dog: keep it alive and under observation, and produce its vaccination record. "
            "Write to us what was done."
        ),
        "meanwhile": (
            "Until then, keep all recordings, registers and reports about these events. If the time is not "
            "enough, write to us before it ends, with the reason: it can be extended once. Without an "
            "answer by these dates, the matter may be taken to a higher level."
        ),
        "answering": "How to answer",
        "how": (
            "Answer in writing to {desk}, at the address at the head of this letter, quoting the reference "
            "{code}. If these events do not concern your company, tell us so, with the reason. An answer is "
            "no admission of fault."
        ),
        "protection": "No retaliation",
        "reprisals": (
            "Nobody may try to learn who spoke to us, or threaten, punish or disadvantage anyone because of "
            "this letter. Any retaliation will be treated urgently, as a new complaint. Show this letter "
            "only to those who have to answer it, and never to a person whom it accuses."
        ),
        "closing": "Yours faithfully,",
        "signed": "For",
        "signature": "Name, function, signature, stamp",
        "seal": "Seal of the journal on {sealed_on}: {sealed}",
        "footer": (
            "This service is free for whoever complains. It replaces no court and stops no legal time limit."
        ),
    },
}
