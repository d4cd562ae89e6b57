"""What each part and each key of a document means, in French: for editors, and for docs/reference/workflow.md."""

from collections.abc import Mapping
from typing import NamedTuple


class Meaning(NamedTuple):
    """A part of a document: its French name, what it is, and what each of its keys says."""

    title: str
    text: str
    keys: Mapping[str, str]


_LABEL = "Le nom montré aux personnes."
_ROW = "La ligne du cahier des charges qui le demande."
_BASIS = "D’où vient la valeur : loi, règlement, usage."

_SECTIONS = {
    "roles": "Les fonctions, rangées par sorte : `staff`, `body`, `partner`, `household`.",
    "groups": "Des noms mis ensemble : des états, des rôles, des actes, des données ou des pièces.",
    "states": "Les états, rangés sous leur étape.",
    "parameters": "Les réglages de la maison, avec leur défaut.",
    "documents": "Les pièces qu’un dossier doit ou peut contenir.",
    "facts": "Les données du dossier, chacune de son type.",
    "waivers": "Les dérogations écrites qu’un rôle peut accorder.",
    "tasks": "Les tâches qu’un acte ou une échéance confie à un rôle.",
    "notices": "Les messages : qui reçoit chaque modèle.",
    "ladders": "Les suites de rappels partagées par plusieurs échéances.",
    "actions": "Ce que quelqu’un fait.",
    "deadlines": "Ce qui donne des dates.",
}

MEANINGS: Mapping[str, Meaning] = {
    "WorkflowText": Meaning("Programme", "Un document entier.", {
        "workflow": "Le nom du programme, qui ne change jamais.",
        "version": "Le numéro de la version ; un contenu changé prend une nouvelle version.",
        "title": "Le titre montré aux personnes.",
        "kind": "Ce qu’est un dossier : parcours, mesure, demande, réunion, rendez-vous ou service.",
        "family": "La famille de programmes, pour les états statistiques.",
        "section": "La partie du cahier des charges, entre guillemets.",
        "origin": "Le ou les textes d’où vient le programme.",
        "include": "Les fragments partagés que le document reprend.",
        "houses": "Les états dans lesquels quelqu’un habite là : aucune date n’en fait partir.",
        "referent": "Le rôle dont un membre est le référent du dossier.",
        "escalation": "Les rôles qui encadrent : ils reçoivent les alertes.",
        "place": "La sorte de place que prend un dossier.",
        **_SECTIONS,
    }),
    "FragmentText": Meaning("Fragment", "Une partie partagée par plusieurs programmes.", {
        "fragment": "Le nom du fragment, celui de son fichier.",
        "title": "Ce que contient le fragment.",
        "needs": "Les noms que le fragment attend du document : `states`, `roles`, `facts`, `actions`.",
        **_SECTIONS,
    }),
    "RoleText": Meaning("Rôle", "Qui agit, ou qui est informé.", {
        "label": _LABEL,
        "contact": "La donnée de type `contact` (ou `household`) où trouver son adresse.",
        "entered_by": "Qui saisit à sa place ; par défaut toute l’équipe, pour un partenaire ou le ménage.",
    }),
    "StateText": Meaning("État", "Où en est un dossier.", {
        "label": _LABEL,
        "turn": "De qui c’est le tour.",
        "terminal": "L’état termine le dossier.",
        "queue": "Les données qui ordonnent la liste d’attente, la première d’abord.",
        "sans_echeance": "La raison pour laquelle on y attend sans date.",
        "row": _ROW,
    }),
    "ChoiceText": Meaning("Choix", "Une valeur possible d’une donnée à choix.", {
        "label": _LABEL,
        "counted": "Comment le bilan la compte : `positif`, `neutre` ou `negatif`.",
    }),
    "FactText": Meaning("Donnée", "Une donnée du dossier, de son type.", {
        "label": _LABEL,
        "type": "Le type de la valeur.",
        "choices": "Les choix possibles, avec le type `choice`.",
        "of": "Les actes dont elle se déduit : leur nombre (`count`) ou le jour du dernier (`date`).",
        "from": "`today` : la date n’est pas passée au jour de l’acte.",
        "until": "`today` : la date n’est pas à venir.",
        "personal": "La donnée concerne la personne : elle s’efface un jour.",
        "sensitive": "La catégorie d’une donnée sensible (`health`).",
        "missing": "Ce qu’on dit quand elle manque.",
        "row": _ROW,
    }),
    "ParameterText": Meaning("Réglage", "Un nombre, une durée ou un oui/non de la maison.", {
        "label": _LABEL,
        "default": "La valeur tant que la maison n’en dit pas une autre.",
        "basis": _BASIS,
    }),
    "PaperText": Meaning("Pièce", "Une pièce du dossier.", {
        "label": _LABEL,
        "valid": "Combien de temps elle vaut à partir de sa date.",
        "signed": "Elle compte une fois signée ; reçue sans autre date, elle l’est le jour de sa réception.",
        "optional": "Elle n’est pas demandée à tous.",
        "row": _ROW,
    }),
    "WaiverText": Meaning("Dérogation", "Une exception écrite, motivée, qui sert une fois.", {
        "label": _LABEL,
        "by": "Les rôles qui peuvent l’accorder.",
        "form": "Les données à donner en plus du motif.",
        "row": _ROW,
    }),
    "TaskText": Meaning("Tâche", "Ce qu’un rôle doit faire.", {
        "label": _LABEL,
        "who": "Les rôles qui doivent la faire.",
        "due": "Le délai qu’ils ont.",
        "closed_by": "Les actes qui la closent.",
        "row": _ROW,
    }),
    "NoticeText": Meaning("Message", "Qui reçoit un modèle.", {
        "to": "Les destinataires : des rôles, ou `who`, `escalation`, `household`, `referent`.",
        "withhold": "Pour un destinataire, les données que son exemplaire ne montre pas.",
        "paper": "Les destinataires à qui le message va aussi sur papier.",
        "row": _ROW,
    }),
    "PlaceText": Meaning("Place", "La sorte de place que prend un dossier.", {
        "kind": "La sorte : `logement`, `lit`…",
        "fact": "La donnée de type `place` qui la nomme.",
    }),
    "ActionText": Meaning("Acte", "Ce que quelqu’un fait : l’acte déplace le dossier, ou le laisse où il est.", {
        "label": _LABEL,
        "from": "Les états que l’acte quitte ; `start` ouvre un dossier.",
        "to": "L’état où il mène ; `previous` : celui d’où l’on venait.",
        "in": "Les états où l’acte se fait sans les quitter ; `any` : tous.",
        "by": "Qui peut le faire ; `systeme` est l’automate.",
        "form": "Les données à donner.",
        "optional": "Les données qu’on peut donner.",
        "parties": "Qui signe : chaque partie donne sa date, et peut donner sa preuve.",
        "requires": "Les conditions, toutes demandées.",
        "set": "Les données que l’acte écrit lui-même.",
        "place": "Ce qu’il fait de la place : `promise`, `occupy`, `to_free` ou `free`.",
        "task": "Les tâches qu’il ouvre.",
        "notify": "Les messages qui partent.",
        "row": _ROW,
    }),
    "ConditionText": Meaning("Condition", "Un sujet, ce qu’il doit satisfaire, et quoi dire sinon.", {
        "fact": "Sujet : une donnée, celles du formulaire comprises.",
        "param": "Sujet : un réglage.",
        "state": "Sujet : l’état du dossier.",
        "count": "Sujet : le nombre d’actes faits.",
        "deadline": "Sujet : une ou plusieurs échéances ; une suffit.",
        "documents": "Sujet : des pièces, toutes présentes et valables, ou non applicables avec leur raison.",
        "queue": "Sujet : le rang dans la liste d’attente ; `first` : être le premier.",
        "apart_from": "Sujet : qui agit, autre que la dernière personne à avoir fait ces actes.",
        "guard": "Sujet : une condition écrite en Python, par son nom.",
        "any": "Sujet : plusieurs conditions, dont une suffit.",
        "all": "Sujet : plusieurs conditions, toutes demandées.",
        "where": "Avec `count` : seulement les actes qui ont ces valeurs.",
        "since": "Avec `count` : seulement depuis le dernier de ces actes.",
        "distinct": "Avec `count` : une seule fois par valeur de cette donnée.",
        "is": "`true`, `false`, `set`, `unset` ; pour une échéance `passed`, `open`, `met`, `reminded`.",
        "equals": "La valeur demandée.",
        "in": "Les valeurs acceptées.",
        "at_least": "Au moins ce nombre.",
        "at_most": "Au plus ce nombre.",
        "above": "Plus que ce nombre.",
        "below": "Moins que ce nombre.",
        "when": "La condition ne vaut que si celle-ci est satisfaite.",
        "else": "Ce qu’on répond quand elle refuse.",
        "warn": "Ce qu’on dit sans refuser.",
        "waiver": "La dérogation qui peut la lever.",
    }),
    "DeadlineText": Meaning("Échéance", "Ce qui donne une date, ce qui l’éteint, ce qui part à son approche.", {
        "label": _LABEL,
        "due": "Comment la date se calcule.",
        "while": "Les états dans lesquels elle court ; sans eux, toujours.",
        "when": "Elle ne court que si cette condition est satisfaite.",
        "who": "Qui doit agir ; par défaut, de qui c’est le tour.",
        "met_by": "Les actes qui l’éteignent ; par défaut, quitter les états où elle court.",
        "meets": "Quand un acte peut en éteindre plusieurs : `nearest`, `oldest` ou `all`.",
        "ladder": "Ce qui part ou se fait avant, le jour même et après.",
        "informative": "La date informe : personne ne la manque.",
        "printed": "`eve` : on imprime la veille (du 15/12/2026 au 14/12/2027).",
        "basis": _BASIS,
        "row": _ROW,
    }),
    "DueText": Meaning("Date", "Comment une date suit de ce qui la fait courir.", {
        "anchor": "Ce qui la fait courir, à défaut le suivant ; sans ancre, l’arrivée dans l’état.",
        "after": "Le délai.",
        "every": "La période d’un rythme : une date par période.",
        "renewed_by": "Les actes qui la prolongent d’autant.",
        "most": "Combien de fois au plus elle se prolonge ; au-delà, seule une date décidée la repousse.",
        "decided": "La donnée où une décision écrit la date : elle l’emporte, et les suivantes se comptent d’elle.",
        "franc": "Délai franc : ni le premier ni le dernier jour ne comptent.",
        "shift": "Si la date n’est pas un jour ouvré : `aucun`, `suivant` ou `precedent`.",
    }),
    "AnchorText": Meaning("Ancre", "Ce qui fait courir une date, dit en entier.", {
        "is": "Une donnée de type date, le dernier acte de ce nom, ou une autre échéance.",
        "first": "Le premier acte de ce nom.",
        "each": "Chaque acte : une date pour chacun.",
        "since": "Seulement depuis le dernier de ces actes.",
        "when": "Seulement si cette condition est satisfaite.",
    }),
    "CasesText": Meaning("Durée selon une donnée", "Une durée pour chaque choix d’une donnée.", {
        "by": "La donnée à choix.",
        "cases": "La durée de chacun de ses choix, sans en oublier.",
    }),
    "MeetText": Meaning("Acte qui éteint", "Un acte qui n’éteint l’échéance qu’avec certaines valeurs.", {
        "act": "L’acte.",
        "where": "Les valeurs qu’il doit avoir.",
    }),
    "RungText": Meaning("Barreau", "Une marche d’une suite de rappels, ou plusieurs pareilles.", {
        "at": "Quand, depuis l’échéance : `-P7D`, `P0D`, `P1D`.",
        "after": "Quand, depuis le point de départ.",
        "perform": "L’acte que fait l’automate.",
        "notify": "Les messages qui partent.",
        "task": "La tâche qui s’ouvre.",
        "to": "À qui, au lieu des destinataires du message.",
        "only": "`last` ou `first` : la dernière ou la première fois seulement.",
        "when": "Seulement si un réglage le veut.",
        "every": "Recommencer à cette période tant que l’échéance n’est pas éteinte.",
        "shift": "Le report du message ; par défaut, un rappel recule et une alerte avance.",
        "hour": "L’heure du message ; par défaut, l’ouverture de la maison.",
        "late": "Un message dont le jour est déjà passé : `skip` le saute, `send` l’envoie.",
    }),
    "ParamRef": Meaning("Réglage nommé", "Une valeur prise à un réglage.", {
        "param": "Le nom du réglage.",
    }),
}  # fmt: skip
