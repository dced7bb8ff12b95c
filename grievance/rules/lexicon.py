"""Which words, French, Swahili and as they are said in Katanga, point to which harm?

Data only; `matching.py` says how an entry is read. Rather one word too many: what is found
here asks a person to look sooner, and that person decides. Words that lead astray every day are left out
("mineur" is a miner).
"""

from __future__ import annotations

from grievance.vocabulary import Harm


def _words(listed: str) -> tuple[str, ...]:
    return tuple(" ".join(word.split()) for word in listed.split(",") if word.strip())


HARM_WORDS: dict[Harm, tuple[str, ...]] = {
    Harm.ASSAULT: _words("""
        battu, battue, battus, battues, battre, battent, frapp*, frape*, agres*, tabass*, passe a
        tabac, gifl*, bless*, fouett*, brutalis*, matraqu*, bastonn*, machette, machettes, agress*,
        coups, coup de pied, coup de crosse, violence, violences, gaz lacrymogene*, gaz lacrimogene*,
        casse le bras, casse la jambe, ~pigwa, ~pigiwa, =piga, =pika, ~kupiga, walipiga, balipiga,
        wanapiga, banapiga, wamepiga, bamepiga, ~chapwa, =chapa, ~umia, ~umizwa, =umiza, ~jeruhi*,
        fimbo, kiboko, panga, damu, kidonda, vidonda, ~vunjika, =vunja, bomu la machozi, mabomu ya
        machozi, kwa nguvu"""),
    Harm.SHOOTING: _words("""
        coup de feu, coups de feu, tire, tirent, tires, tiree, tirer sur, tirer dessus, tiraient,
        tirs, balle, balles, fusill*, arme a feu, armes a feu, grenaille*, risasi, lisasi, masasi,
        marisasi, chuma cha moto"""),
    Harm.DEATH: _words("""
        tue, tuee, tues, tuees, mort, morte, morts, mortes, decede*, deces, assassin*, cadavre*,
        abattu*, meurtre*, ~uawa, ~muua, ~muuwa, ~mwua, ~tuua, ~waua, ~uwawa, ~uliwa, limuua, limwua,
        memuua, memwua, ~kamuua, walimuua, balimuua, wamemuua, bamemuua, amekufa, wamekufa, bamekufa,
        alikufa, walikufa, balikufa, akafa, amefariki, alifariki, kifo, maiti, marehemu"""),
    # Any mention of a dog: a bite is told in too many ways, and rabies leaves no second chance.
    Harm.DOG_ATTACK: _words("""
        chien, chiens, chienne, dog, dogs, morsure*, mordu*, mordre, mord, berger allemand, mbwa,
        imbwa, umbwa, mambwa, bambwa, ~luma, ~lumwa, ~lumiwa"""),
    Harm.SEXUAL_VIOLENCE: _words("""
        viol, viols, viole, violee, violes, violees, violer, violeur*, sexuel*, attouch*, coucher
        avec, couche avec moi, abuse d elle, abuse de moi, abuse d une, abuse de ma, abuse de sa, pris
        de force, prise de force, touche mes seins, touche les seins, deshabill*, ubakaji, ~bakwa,
        ~baka, kingono, ngono, ~lalia, ~najisi, ~najisiwa, mapenzi, pewa mimba, amenipa mimba, alinipa
        mimba, amempa mimba, alimpa mimba, matiti, sehemu za siri, ~lale naye, ~lale nami, ~lala naye,
        ~lala nami, ~lawiti*, sodomis*, ~shikashika, kulala naye"""),
    Harm.DETENTION: _words("""
        detenu*, detention*, detiennent, arrete, arretee, arretes, arretees, arreter, arrestation*,
        enferm*, emprison*, cachot*, kidnap*, emmene, emmenee, emmenes, ont emmene, hatujui wapi,
        hatujui aliko, hajulikani, prison, garde a vue, sequestr*, kidnapp*, enleve, enlevee, enleves,
        enlevement*, menott*, ligot*, attache, attachee, attaches, retenu, retenue, retenus,
        retiennent, incarcer*, interpell*, embarque, embarques, otage*, disparu*, pas rentre, pas
        revenu, =fungwa, =fungiwa, =funga, =fungia, =kamatwa, =kamata, =kamatiwa, =shikwa, =shika,
        =shikilia, =shikiliwa, =tekwa, =teka, kasho, gereza*, jela, mahabusu, kifungoni, mateka,
        amechukuliwa, alichukuliwa, wamemchukua, bamemuchukua, bamemubeba, balimubeba, hajarudi,
        hayarudi, ajarudi, hakurudi, amepotea, alipotea"""),
    Harm.TORTURE: _words("tortur*, supplice*, electrocut*, ~teswa, ~tesa, mateso"),
    Harm.THREATS: _words("""
        menac*, intimid*, braqu*, me tuer, nous tuer, le tuer, la tuer, les tuer, kitisho, vitisho,
        ~tishwa, ~tishiwa, ~tisha, ~tishia, bunduki, =taua, ~kuniua, ~kutuua, ~kumuua"""),
    Harm.EXTORTION: _words("""
        extor*, extorq*, rackett*, racket, rancon*, ranconn*, pot de vin, pots de vin, payer pour
        passer, exige de l argent, exigent de l argent, demande de l argent, demandent de l argent,
        taxe illegale, taxes illegales, tracasserie*, rushwa, hongo, matabishi, ~nyanganywa,
        ~nyanganya, wanadai pesa, banadai pesa, wanaomba pesa, banaomba pesa, anaomba pesa, anadai
        pesa, lipa ili kupita"""),
    Harm.THEFT: _words("""
        vol, vole, volee, voles, volees, voler, derobe*, confisqu*, saisi, saisie, pille, pillage*,
        wizi, kwiba, kuiba, ameiba, waliiba, bameiba, baliiba, wameiba, ~ibiwa, ~iniibia, ~niibia,
        ~tuibia"""),
    Harm.EVICTION: _words("""
        deguerpi*, expuls*, demol*, delocalis*, maison detruite, maisons detruites, detruit ma maison,
        detruit nos maisons, detruit mon champ, detruit nos champs, champs detruits, champ detruit,
        brule ma maison, brule nos maisons, chasses de, chasse de, ~bomolewa, ~bomoa, ~vunja nyumba,
        ~vunja manyumba, ~bomolea, ~fukuzwa, =fukuza, ~haribiwa, haribu mashamba, haribu shamba"""),
    Harm.BLOCKED_WAY: _words("""
        bloqu*, barre la route, barrent la route, barriere*, ferme la route, ferme le chemin, chemin
        ferme, route fermee, interdit de passer, empeche* de passer, acces a l eau, source d eau, njia
        imefungwa, barabara imefungwa, ~funga njia, ~funga barabara, kizuizi, vizuizi, ~zuia,
        ~zuiliwa, ~zuiwa"""),
    Harm.DISCRIMINATION: _words("discrimin*, tribal*, racis*, ubaguzi, ~baguliwa, =bagua, ukabila"),
    Harm.UNIDENTIFIED_GUARD: _words("""
        sans badge, pas de badge, sans matricule, sans insigne, cagoul*, visage cache, bila badge,
        bila namba, bila kitambulisho, amejificha uso, wamejificha uso"""),
    Harm.PUBLIC_EMPLOYED: _words("""
        ancien militaire, anciens militaires, ex militaire*, ancien policier, anciens policiers, ex
        policier*, policier comme garde, policiers comme gardes, askari wa zamani, polisi wa zamani,
        basoda ya zamani"""),
    Harm.WORKING_CONDITIONS: _words("""
        salaire*, impaye*, heures supplementaires, sans contrat, sans conge, mushahara, mshahara,
        mishahara, bila mkataba"""),
    Harm.RETALIATION: _words("""
        represaill*, venger, vengeance*, vengent, depuis ma plainte, a cause de ma plainte, a cause de
        la plainte, porte plainte, kisasi, ~lipiza, kwa sababu nililalamika, kwa sababu ya malalamiko,
        tangu malalamiko"""),
    Harm.ABOUT_US: _words("""
        votre ong, votre agent, votre organisation, l ong a demande, l ong m a demande, l ong demande,
        ong yenu, ong iliomba, ong inaomba, mtu wa ong"""),
}

# A life may hang on the next hour.
DANGER_WORDS = _words("""
    danger, au secours, secours, aidez moi, aidez nous, sauvez, urgence, urgent, saigne*,
    inconscient*, coma, agonis*, mourant*, va mourir, vont me tuer, vont nous tuer, vont le tuer, vont
    la tuer, vont les tuer, va me tuer, va le tuer, va nous tuer, veulent me tuer, veulent nous tuer,
    veut me tuer, nous encercl*, me poursuiv*, nous poursuiv*, me cherchent, hatari, dharura,
    nisaidie*, tusaidie*, mutusaidie*, munisaidie*, msaada haraka, musaada haraka, damu nyingi,
    anatoka damu, hapumui, amezimia, anakufa, atakufa, anataka kufa, wataniua, watatuua, watamuua,
    wataua, bataniua, batatuua, batamuua, atamuua, ataniua, atatuua, wanataka kuniua, wanataka kutuua,
    banataka kuniua, wananifuata, wananitafuta, bananitafuta, bananifuata""")
# With bodily harm in the same text: it is happening, or has not ended.
NOW_WORDS = _words("""
    maintenant, en ce moment, en train de, a l instant, toujours la, sasa, sasa hivi, saa hii, bado,
    wanaendelea, banaendelea""")
CHILD_WORDS = _words("""
    enfant, enfants, garcon, garcons, garconnet*, fille, filles, fillette*, gamin*, gosse*, bebe*,
    ecolier*, ecoliere*, eleve, eleves, adolescent*, mineure, mineures, mineur d age, mineurs d age,
    mon fils, son fils, notre fils, petit frere, petite soeur, mtoto, mutoto, watoto, batoto, katoto,
    mwanangu, mwana wangu, mwana wetu, binti, mabinti, msichana, musichana, wasichana, basichana,
    mvulana, wavulana, mwanafunzi, wanafunzi, banafunzi, kijana mdogo, mdogo wangu""")
WOMAN_WORDS = _words("""
    femme, femmes, epouse, mwanamke, mwanamuke, wanawake, banamuke, banamama, mke, muke, bibi, dada,
    binti, msichana, musichana, wasichana""")
# Force against a woman or a girl, where the act itself is not named: it seldom is.
FORCE_WORDS = _words("kwa nguvu, de force, par la force")
RELEASED_WORDS = _words("""
    libere*, relach*, relaxe*, ~achiliwa, ~achilia, ~wachilia, ametoka, alitoka, walitoka""")
