"""What do our text messages say in Swahili? Simple standard words as used in Congo; reviewed as a whole."""

from __future__ import annotations

from grievance.rules.dialogue import Template
from grievance.terms import Role, Stage

SENTENCES: dict[Template, str] = {
    Template.SAFETY: (
        "Hapa ni ONG, si polisi wala mine. Jina si lazima. Kampuni haitasoma bila wewe kukubali. "
        "Unakubali ONG isome na kuchunga ujumbe? 1 Ndiyo 2 Hapana"
    ),
    Template.AFTER_NO: (
        "Sawa. Tutaondoa ujumbe wako kwetu. Ufute pia kwenye simu hii. Unaweza kurudi wakati wowote."
    ),
    Template.DANGER: "Sasa hivi, kuna mtu ameumia, amefungwa ao yuko kwenye hatari? 1 Ndiyo 2 Hapana",
    Template.WHAT: (
        "Nini kilitokea? Andika: nini, wapi, lini. Unaweza kutuma SMS nyingi. Ukimaliza, andika MWISHO."
    ),
    Template.WHERE: "Karibu na kijiji gani ao mine gani? Andika jina.",
    Template.CONTACT: (
        "Simu hii ni yako peke yako? 1 Ndiyo, nipigie 2 Ndiyo, SMS 3 Hapana, msitume kitu"
    ),
    Template.RECEIPT: (
        "Imepokelewa. Code: {code}. Iandike kwa karatasi, kisha futa SMS hizi. "
        "Tutakujibu kabla ya {day}. Kujua hali: tuma HALI na code."
    ),
    Template.RECEIPT_QUIET: (
        "Imepokelewa. Code: {code}. Iandike kwa karatasi, kisha futa SMS hizi. "
        "Hatutatuma kitu. Baada ya {day}, tuma HALI na code."
    ),
    Template.ADDED: "Imepokelewa. Mtu atasoma ujumbe wako.",
    Template.NEWS: "Habari. Kuna ujumbe wako. Tuma HALI na code yako wakati unaweza.",
    Template.STOPPED: "Sawa, hatutatuma SMS tena. Unaweza kurudi wakati wowote.",
    Template.HELP: (
        "Uko kwenye hatari? Tuma HATARI. Ao MALALAMIKO kutoa habari, HALI + code kujua hali, "
        "NIPIGIE tukupigie simu, STOP kuacha SMS."
    ),
    Template.DOG_BITE: (
        "Kuumwa na mbwa: osha kidonda na maji na sabuni dakika 15. Nenda hospitali LEO kwa chanjo ya rage, "
        "hata kama ni kidogo. Usikaribie mbwa."
    ),
    Template.SEXUAL_VIOLENCE: (
        "Nenda hospitali haraka, kabla ya siku 3 kama inawezekana, hata baadaye: kuna dawa za kukinga. "
        "Polisi si lazima. Ni wewe unaamua."
    ),
    Template.HELD: (
        "Mlinzi lazima apeleke mtu polisi mara moja. Polisi: masaa 48 tu, kisha procureur. "
        "Andika: yuko wapi, tangu saa ngapi, nani anamushika."
    ),
    Template.DANGER_CALL: (
        "Kwanza, jiweke mahali salama. Tutakupigia kabla ya {hour}. Kama simu ni hatari kwako, jibu 3. "
        "Hatutumi polisi wala ambulance."
    ),
    Template.DANGER_LATER: (
        "Kwanza, jiweke mahali salama. Hapa hakuna mtu kabla ya {day_hour}. Hatutumi polisi wala ambulance."
    ),
    Template.DANGER_LATER_NUMBER: (
        "Kwanza, jiweke mahali salama. Hapa hakuna mtu kabla ya {day_hour}. Msaada sasa: {number}. "
        "Hatutumi polisi wala ambulance."
    ),
    Template.DANGER_ALONE: (
        "Kwanza, jiweke mahali salama. Hapa hakuna mtu wa kukupigia sasa. Hatutumi polisi wala ambulance."
    ),
    Template.DANGER_ALONE_NUMBER: (
        "Kwanza, jiweke mahali salama. Hapa hakuna mtu wa kukupigia sasa. Msaada: {number}. "
        "Hatutumi polisi wala ambulance."
    ),
    Template.CONSENT: (
        "Tutume maelezo mafupi bila jina lako kwa kampuni ya walinzi? Kwa mine? "
        "1 Zote mbili 2 Walinzi 3 Mine 4 Hapana 5 Nipigie"
    ),
    Template.SETTLED: (
        "Tulikueleza jibu. Unakubali? 1 Ndiyo 2 Kidogo 3 Hapana 4 Sijapata jibu 5 ONG ingine iangalie"
    ),
    Template.CHECK_IN: "Habari yako? 1 Nzuri 2 Mbaya 3 Nipigie",
    Template.WITHDRAW: "Kuacha yote? 1 Ndiyo 2 Hapana",
    Template.WITHDRAWN: "Tumesimama: hatutumi kitu tena. Mtu ataongea na wewe kabla ya kufunga.",
    Template.ASK_CODE: "Una code? Itume. Kama hapana, andika nini kilitokea.",
    Template.UNKNOWN_CODE: "Code haijulikani kwa simu hii. Tuma NIPIGIE, mtu atakupigia.",
    Template.STATUS: "Hatua: {stage}. {turn} kabla ya {day}. NIPIGIE tukupigie.",
    Template.STATUS_LATE: "Hatua: {stage}. {turn} kabla ya {day}: imechelewa. NIPIGIE tukupigie.",
    Template.STATUS_ENDED: "Hatua: {stage}. Kuongeza habari, andika na code yako. NIPIGIE tukupigie.",
    Template.CALL_BACK: "Sawa. Tutakupigia kabla ya {day_hour}.",
    Template.CALL_BACK_SOON: "Sawa. Tutakupigia mapema iwezekanavyo.",
    Template.WHICH_DESK: "ONG gani? 1 {first} 2 {second} 3 Nipigie",
    Template.WHICH_DESK_ONE: "ONG gani? 1 {first} 2 Nipigie",
    Template.NOT_UNDERSTOOD: "Hatujaelewa. Tuma namba moja.",
    Template.REMINDER: "Habari. Unaweza kuendelea wakati unapenda.",
    Template.WEB_RECEIPT: "Kwa internet: {receipt}. Iandike kwa karatasi, kisha futa SMS hii.",
    Template.DUTY_CALL: "Kuna simu ya kupiga sasa. Code {code}. Ingia kwenye ukurasa.",
}
STAGES: dict[Stage, str] = {
    Stage.RECEIVED: "imepokelewa",
    Stage.EXAMINED: "inachunguzwa",
    Stage.WITH_COMPANY: "iko kwa kampuni",
    Stage.ANSWERED: "jibu limefika",
    Stage.REMEDY: "utatuzi",
    Stage.WITH_YOU: "ni zamu yako",
    Stage.ESCALATED: "imepelekwa ngazi ya juu",
    Stage.APPEALED: "inaangaliwa tena",
    Stage.CLOSED: "imefungwa",
}
TURNS: dict[Role, str] = {
    Role.COMPLAINANT: "Wewe utajibu",
    Role.COMPANY: "Kampuni itajibu",
    Role.OVERSEER: "ICoCA itajibu",
}
OUR_TURN = "Sisi tutajibu"
