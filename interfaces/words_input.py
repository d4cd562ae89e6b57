"""The French sentence of a value that makes no sense: by argument and problem, then by problem alone."""

import errno
from collections.abc import Callable, Mapping
from typing import Any

from .. import InputError
from ..dates import ZONES, long_date
from ..domain.calendars import FIRST_YEAR, LAST_YEAR, SHIFTS
from ..domain.explain_dates import LONGEST_SERIES
from .french import listed, quoted
from .reading import read_date
from .words_commands import EXACT, NAMES, PROBLEMS

Data = Mapping[str, Any]

ARGUMENTS: Mapping[str, str] = {
    "anchor": "la date de départ",
    "day": "le jour",
    "delay": "le délai",
    "rhythm": "le rythme",
    "season": "la période de l’année",
    "months": "le nombre de mois",
    "days": "le nombre de jours",
    "working_days": "le nombre de jours ouvrés",
    "hours": "le nombre d’heures",
    "k": "le rang (--k)",
    "times": "le nombre de dates (--times)",
    "shift": "le report (--shift)",
    "calendar": "le calendrier (--zone)",
    "zone": "la zone",
    "closures": "le jour de fermeture (--closed)",
    "extra_days": "le jour ouvert",
    "year": "l’année",
    "hour": "l’heure",
    "now": "l’instant (--now)",
    "clock": "l’horloge",
    "output": "le fichier (--output)",
    "format": "le format (--format)",
    "templates": "le dossier de modèles (--templates)",
    "sender": "l’adresse d’expédition",
    "database": "l’adresse de la base (--database)",
    "guards": "les conditions nommées",
    "establishment": "l’identifiant de l’établissement",
    "person": "l’identifiant de la personne",
    "actor": "l’identifiant de la personne",
    "address": "l’adresse e-mail",
    "postal_address": "l’adresse",
    "name": "le nom",
    "phone": "le téléphone",
    "language": "la langue",
    "reply_to": "l’adresse de réponse",
    "sender_name": "le nom de l’expéditeur",
    "environment": "le nom de l’environnement",
    "link": "le début des liens",
    "reason": "le motif",
    "to": "le jour du report (--to)",
    "not_applicable": "le motif",
    "role": "la fonction",
    "opens": "l’heure d’ouverture",
    "closes": "l’heure de fermeture",
    "value": "la valeur",
    "key": "la clé (--key)",
    "action": "l’acte",
    **NAMES,
}

_SYSTEM = {
    errno.ENOENT: "ce dossier n’existe pas",
    errno.EACCES: "le droit d’y écrire manque",
    errno.EPERM: "le droit d’y écrire manque",
    errno.EISDIR: "c’est un dossier",
    errno.ENOTDIR: "ce chemin passe par un fichier",
    errno.ENOSPC: "le disque est plein",
    errno.EROFS: "ce disque est en lecture seule",
}


def input_words(error: InputError) -> str:
    """Say what is wrong with a value, and what to write instead."""
    data = error.data
    argument, problem = str(data.get("argument", "")), str(data.get("problem", ""))
    known = _EXACT.get((argument, problem)) or _PROBLEMS.get(problem)
    if known:
        return known(data)
    if argument in ARGUMENTS:
        return f"{_subject(data)} n’est pas utilisable{_value(data)}."
    return f"Une valeur n’est pas utilisable (détail en anglais : {error})."


def system_words(number: int | None) -> str:
    """Say why the system refused to read or to write."""
    return _SYSTEM.get(number or 0, "le système a refusé")


def _argument(data: Data) -> str:
    return ARGUMENTS.get(str(data.get("argument")), "la valeur")


def _subject(data: Data) -> str:
    """Name the argument at fault, as the start of a sentence."""
    name = _argument(data)
    return name[0].upper() + name[1:]


def _value(data: Data) -> str:
    return f" ({data['value']})" if data.get("value") not in (None, "") else ""


def _shown(data: Data) -> str:
    return quoted(data.get("value", "?"))


def _day(data: Data) -> str:
    try:
        return long_date(read_date(str(data.get("value")), ""))
    except InputError:
        return str(data.get("value"))


def _not_a_delay(data: Data) -> str:
    return (
        f"{_shown(data)} n’est pas un délai : écrivez par exemple P2M (2 mois), P1Y (1 an), P14D (14 jours), "
        "P2W (2 semaines), P5B (5 jours ouvrés) ou -P4M (4 mois avant)."
    )


def _not_a_rhythm(data: Data) -> str:
    if str(data.get("value")).strip().endswith("avant la fin du mois"):
        return (
            f"{_shown(data)} n’est pas un jour de chaque mois : on compte avant la fin du mois des jours (27 au plus) "
            "ou des jours ouvrés (15 au plus), par exemple P5B avant la fin du mois."
        )
    return f"{_shown(data)} n’est pas un rythme : on écrit par exemple lundi, premier jeudi, le 15 ou fin de mois."


def _unknown_zone(data: Data) -> str:
    return f"{_shown(data)} n’est pas une zone de jours fériés : {', '.join(ZONES)}."


def _not_an_identifier(data: Data) -> str:
    return (
        f"{_shown(data)} ne peut pas servir d’identifiant : "
        "lettres minuscules, chiffres, « - », « _ » ou « . », 64 caractères au plus."
    )


def _not_a_reason(_: Data) -> str:
    return "Le motif est un texte de 2 000 caractères au plus, sans caractère de contrôle."


def _unwritable(data: Data) -> str:
    return f"Le fichier {_shown(data)} ne peut pas être écrit : {system_words(data.get('errno'))}."


_EXACT: Mapping[tuple[str, str], Callable[[Data], str]] = {
    ("delay", "form"): _not_a_delay,
    ("delay", "type"): _not_a_delay,
    ("shift", "unknown"): lambda data: f"{_shown(data)} n’est pas un report : {listed(SHIFTS, 'ou')}.",
    ("calendar", "unknown"): _unknown_zone,
    ("zone", "unknown"): lambda data: (
        f"{_shown(data)} n’est pas une zone connue. Jours fériés : {', '.join(ZONES)}. "
        "Heure : un fuseau tel que Europe/Paris."
    ),
    ("rhythm", "form"): _not_a_rhythm,
    ("rhythm", "weekly"): lambda data: (
        f"{_shown(data)} revient chaque semaine : il faut ici un jour du mois."
    ),
    ("season", "range"): lambda data: (
        f"{_shown(data)} couvre toute l’année : une période laisse des jours libres."
    ),
    ("times", "range"): lambda data: (
        f"Le nombre de dates (--times) va de 1 à {LONGEST_SERIES:_}, et non {data.get('value')}.".replace(
            "_", " "
        )
    ),
    ("k", "rank"): lambda _: f"Les dates d’un rythme se comptent de 1 à {LONGEST_SERIES:_} (--k).".replace(
        "_", " "
    ),
    ("k", "range"): lambda _: "Le rang (--k) est trop grand : la date sortirait du calendrier.",
    ("anchor", "range"): lambda _: "Le calcul sort des années 1 à 9999.",
    ("day", "range"): lambda _: "Le calcul sort des années 1 à 9999.",
    ("year", "range"): lambda _: f"Les jours fériés sont connus de {FIRST_YEAR} à {LAST_YEAR}.",
    ("calendar", "closed"): lambda data: f"Aucun jour ouvré dans les dix ans autour du {_day(data)}.",
    ("extra_days", "contradiction"): lambda data: (
        f"Le {_day(data)} ne peut pas être à la fois fermé et ouvert."
    ),
    ("k", "with_times"): lambda _: (
        "--k donne une seule date, --times les premières : choisissez l’un des deux."
    ),
    ("format", "unknown"): lambda data: f"{_shown(data)} n’est pas un format de diagramme : mermaid ou svg.",
    ("establishment", "form"): _not_an_identifier,
    ("person", "form"): _not_an_identifier,
    ("opens", "form"): lambda data: f"{_shown(data)} n’est pas une heure : écrivez par exemple 08:00.",
    ("link", "form"): lambda data: (
        f"{_shown(data)} n’est pas l’adresse d’un site : elle commence par https:// ou http://."
    ),
    ("opens", "range"): lambda _: "L’établissement ouvre avant de fermer : vérifiez ses heures.",
    ("key", "form"): lambda _: "La clé (--key) est un texte de 1 à 200 caractères, sur une ligne.",
    ("act", "alone"): lambda _: (
        "--act dit de quel acte on rectifie le jour : donnez aussi ce jour (--on). Une donnée se rectifie là où elle "
        "a été donnée en dernier."
    ),
    ("action", "ambiguous"): lambda _: (
        "Plusieurs actes ouvrent un dossier de ce programme : dites lequel (--action)."
    ),
    ("value", "range"): lambda data: f"{_shown(data)} n’est pas un nombre de 0 à 1 000 000.",
    ("value", "hours"): lambda data: f"{_shown(data)} : ce réglage se compte en jours, pas en heures.",
    ("value", "days"): lambda data: f"{_shown(data)} : ce réglage se compte en heures (PT48H).",
    ("value", "mixed"): lambda data: (
        f"{_shown(data)} : des heures et des jours ouvrés ne se comptent pas ensemble."
    ),
    ("value", "months"): lambda data: f"{_shown(data)} : ce réglage se compte en jours ou en semaines.",
    ("value", "forward"): lambda data: (
        f"{_shown(data)} n’avance pas : il faut ici une durée d’au moins un jour."
    ),
    ("value", "sign"): lambda data: (
        f"{_shown(data)} : ce délai se compte de l’autre côté de sa date, comme sa valeur par défaut."
    ),
    ("value", "length"): lambda data: f"{_shown(data)} est trop long : un réglage va jusqu’à 50 ans.",
    ("reason", "form"): _not_a_reason,
    ("not_applicable", "form"): _not_a_reason,
    ("sandbox", ""): lambda _: "Une base qui tient déjà des dossiers ne devient pas un bac à sable.",
    ("address", "form"): lambda data: f"{_shown(data)} n’est pas une adresse e-mail.",
    ("role", "form"): lambda data: f"{_shown(data)} n’est pas une fonction : un nom comme « gestionnaire ».",
    ("templates", "folder"): lambda data: f"{_shown(data)} n’est pas un dossier de modèles.",
    ("templates", "file_name"): lambda data: (
        f"{_shown(data)} ne peut pas être un modèle : son fichier porte le nom de sa clé "
        "(lettres minuscules, chiffres, « _ »), comme rappel_visite.txt.j2."
    ),
    ("output", "write"): _unwritable,
    **EXACT,
}

_PROBLEMS: Mapping[str, Callable[[Data], str]] = {
    "type": lambda data: f"{_subject(data)} n’est pas du type attendu{_value(data)}.",
    "datetime": lambda data: (
        f"{_subject(data)} est un instant{_value(data)} : on attend une date, sans heure."
    ),
    "form": lambda data: f"{_subject(data)} : {_shown(data)} est mal écrit.",
    "ambiguous": lambda data: f"Plusieurs choix sont possibles : précisez {_argument(data)}.",
    "unknown": lambda data: (
        f"{_shown(data)} n’est pas connu ({ARGUMENTS.get(str(data.get('argument')), 'valeur')})."
    ),
    "range": lambda data: f"{_subject(data)} est hors des bornes{_value(data)}.",
    "hours": lambda _: (
        "Un délai en heures se compte d’un instant, pas d’une date : écrivez-le en jours (P2D)."
    ),
    "tzinfo": lambda data: (
        f"{_subject(data)} porte déjà un fuseau{_value(data)} : on attend une heure simple."
    ),
    "closed": lambda data: f"Aucun jour ouvré n’est assez proche{_value(data)}.",
    "contradiction": lambda data: f"{_subject(data)} en contredit une autre{_value(data)}.",
    "backwards": lambda data: (
        f"{_subject(data)} remonte le temps{_value(data)} : une période imprimée avance."
    ),
    "date": lambda data: f"{_shown(data)} n’est pas une date : écrivez 2026-12-31 ou 31/12/2026.",
    "no_day": lambda data: f"Le jour {_shown(data)} n’existe pas dans le calendrier.",
    "whole": lambda data: f"{_subject(data)} : {_shown(data)} n’est pas un nombre entier.",
    "between": lambda data: (
        f"{_subject(data)} : {_shown(data)} n’est pas un nombre entier de {data.get('least')} à {data.get('most')}."
    ),
    **PROBLEMS,
}
