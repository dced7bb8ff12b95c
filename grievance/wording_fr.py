"""What do our text messages say in French? Reviewed as a whole; without the letters that an SMS lacks."""

from __future__ import annotations

from grievance.rules.dialogue import Template
from grievance.terms import Role, Stage

SENTENCES: dict[Template, str] = {
    Template.SAFETY: (
        "Ici une ONG, pas la police ni la mine. Nom pas obligatoire. "
        "La société ne lit rien sans votre accord. L'ONG peut lire et garder votre message? 1 Oui 2 Non"
    ),
    Template.AFTER_NO: (
        "D'accord. Nous effacons votre message. Effacez-le aussi sur ce téléphone. "
        "Vous pouvez revenir quand vous voulez."
    ),
    Template.DANGER: "Maintenant, une personne est blessée, tenue enfermée ou en danger? 1 Oui 2 Non",
    Template.WHAT: (
        "Que s'est-il passé? Ecrivez: quoi, où, quand. Plusieurs SMS possibles. A la fin, écrivez FIN."
    ),
    Template.WHERE: "Près de quel village ou quelle mine? Ecrivez le nom.",
    Template.CONTACT: (
        "Ce téléphone est à vous seul(e)? 1 Oui, appelez-moi 2 Oui, SMS 3 Non, ne m'envoyez rien"
    ),
    Template.RECEIPT: (
        "Bien noté. Code: {code}. Ecrivez-le hors du téléphone, puis effacez ces SMS. "
        "Une personne vous répond avant le {day}. Pour savoir: SUIVI + code"
    ),
    Template.RECEIPT_QUIET: (
        "Bien noté. Code: {code}. Ecrivez-le hors du téléphone, puis effacez ces SMS. "
        "Nous n'enverrons rien. Apres le {day}, envoyez SUIVI + code."
    ),
    Template.ADDED: "Bien noté. Une personne va lire votre message.",
    Template.NEWS: "Bonjour. Un message vous attend. Envoyez SUIVI et votre code quand vous pouvez.",
    Template.STOPPED: "D'accord, plus de SMS. Vous pouvez revenir quand vous voulez.",
    Template.HELP: (
        "En danger? Envoyez DANGER. Sinon PLAINTE pour signaler, SUIVI + code pour savoir, "
        "RAPPEL pour etre appelé, STOP pour ne plus recevoir de SMS."
    ),
    Template.DOG_BITE: (
        "Morsure de chien: lavez 15 min à l'eau et au savon. Allez AUJOURD'HUI à l'hopital pour le vaccin "
        "rage, meme si c'est petit. N'approchez pas du chien."
    ),
    Template.SEXUAL_VIOLENCE: (
        "Allez vite à l'hopital, avant 72 h si possible, apres aussi: il y a des médicaments qui protègent. "
        "Pas besoin de la police. C'est vous qui décidez."
    ),
    Template.HELD: (
        "Un garde doit remettre la personne à la police tout de suite. Police: 48 h au plus, puis procureur. "
        "Ecrivez: où, depuis quelle heure, tenu par qui."
    ),
    Template.DANGER_CALL: (
        "D'abord, mettez-vous à l'abri. On vous appelle avant {hour}. Si un appel est dangereux, répondez 3. "
        "Nous n'envoyons ni police ni ambulance."
    ),
    Template.DANGER_LATER: (
        "D'abord, mettez-vous à l'abri. Personne ne répond ici avant {day_hour}. "
        "Nous n'envoyons ni police ni ambulance."
    ),
    Template.DANGER_LATER_NUMBER: (
        "D'abord, mettez-vous à l'abri. Personne ne répond ici avant {day_hour}. "
        "Aide tout de suite: {number}. Nous n'envoyons pas de secours."
    ),
    Template.DANGER_ALONE: (
        "D'abord, mettez-vous à l'abri. Ici, personne ne peut appeler tout de suite. "
        "Nous n'envoyons ni police ni ambulance."
    ),
    Template.DANGER_ALONE_NUMBER: (
        "D'abord, mettez-vous à l'abri. Ici, personne ne peut appeler tout de suite. "
        "Aide: {number}. Nous n'envoyons pas de secours."
    ),
    Template.CONSENT: (
        "Envoyer un résumé, sans votre nom, à la société des gardes? A la mine? "
        "1 Aux deux 2 Gardes 3 Mine 4 A personne 5 Appelez-moi"
    ),
    Template.SETTLED: (
        "On vous a expliqué la réponse. Cela vous va? "
        "1 Oui 2 En partie 3 Non 4 Rien recu 5 Une autre organisation doit regarder"
    ),
    Template.CHECK_IN: "Bonjour, comment allez-vous? 1 Bien 2 Pas bien 3 Appelez-moi",
    Template.WITHDRAW: "Tout arreter? 1 Oui 2 Non",
    Template.WITHDRAWN: "On arrete: plus rien ne part. Une personne vous parle avant de fermer.",
    Template.ASK_CODE: "Avez-vous un code? Envoyez-le. Sinon, écrivez ce qui s'est passé.",
    Template.UNKNOWN_CODE: "Code pas reconnu sur ce téléphone. Envoyez RAPPEL, une personne vous appelle.",
    Template.STATUS: "Etape: {stage}. {turn} avant le {day}. RAPPEL pour etre appelé.",
    Template.STATUS_LATE: "Etape: {stage}. {turn} avant le {day}: en retard. RAPPEL pour etre appelé.",
    Template.STATUS_ENDED: (
        "Etape: {stage}. Pour ajouter, écrivez avec votre code. RAPPEL pour etre appelé."
    ),
    Template.CALL_BACK: "D'accord. On vous appelle avant le {day_hour}.",
    Template.CALL_BACK_SOON: "D'accord. On vous appelle dès que possible.",
    Template.WHICH_DESK: "Quelle ONG? 1 {first} 2 {second} 3 Appelez-moi",
    Template.WHICH_DESK_ONE: "Quelle ONG? 1 {first} 2 Appelez-moi",
    Template.NOT_UNDERSTOOD: "Pas compris. Répondez avec un chiffre.",
    Template.REMINDER: "Bonjour. Vous pouvez continuer quand vous voulez.",
    Template.WEB_RECEIPT: "Pour la page web: {receipt}. Ecrivez-le hors du téléphone, puis effacez ce SMS.",
    Template.DUTY_CALL: "Appel à faire maintenant. Code {code}. Connectez-vous.",
}
STAGES: dict[Stage, str] = {
    Stage.RECEIVED: "recu",
    Stage.EXAMINED: "en examen",
    Stage.WITH_COMPANY: "chez la société",
    Stage.ANSWERED: "réponse recue",
    Stage.REMEDY: "réparation",
    Stage.WITH_YOU: "chez vous",
    Stage.ESCALATED: "transmis plus haut",
    Stage.APPEALED: "en recours",
    Stage.CLOSED: "cloturé",
}
TURNS: dict[Role, str] = {
    Role.COMPLAINANT: "A vous de répondre",
    Role.COMPANY: "A la société de répondre",
    Role.OVERSEER: "A l'ICoCA de répondre",
}
OUR_TURN = "A nous de répondre"
