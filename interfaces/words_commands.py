"""The French sentence of a value typed wrongly in the commands that work on a database."""

import errno
from collections.abc import Callable, Mapping
from typing import Any

from .french import listed, long_day, quoted

Data = Mapping[str, Any]

PARTS = "name, email, phone, language, consent, persons, born, ref, anonymous"


def _value(data: Data) -> str:
    return quoted(data.get("value", "?"))


def _day(data: Data) -> str:
    return long_day(data.get("value", "?"))


def _unreadable(data: Data) -> str:
    missing = data.get("errno") == errno.ENOENT
    return f"Le fichier {_value(data)} {'n’existe pas' if missing else 'ne peut pas être lu'}."


EXACT: Mapping[tuple[str, str], Callable[[Data], str]] = {
    ("database", "form"): lambda _: (
        "--database attend le chemin d’un fichier, sqlite:///chemin ou postgresql://serveur/nom."
    ),
    ("smtp", "form"): lambda _: (
        "--smtp attend smtp://serveur:port, smtps://serveur ou maildir:dossier ; "
        "avec un mot de passe, la connexion est chiffrée (starttls=required, ou smtps)."
    ),
    ("deadline", "missing"): lambda _: "Il manque la date à reporter : un dossier et une échéance.",
    ("smtp", "missing"): lambda _: "Il manque l’adresse d’envoi : --smtp, ou la variable JALON_SMTP.",
    ("now", "instant"): lambda data: (
        f"{_value(data)} n’est pas un instant : écrivez 2027-01-28, 2027-01-28T09:00 ou 2027-01-28T09:00+01:00."
    ),
    ("fact", "pair"): lambda data: f"{_value(data)} : on attend --fact nom=valeur.",
    ("fact", "twice"): lambda data: f"La donnée {_value(data)} est donnée deux fois.",
    ("fact", "part"): lambda data: f"{_value(data)} n’existe pas. Les parties d’une personne : {PARTS}.",
    ("fact", "yes_or_no"): lambda data: f"{_value(data)} : on attend oui ou non.",
    ("facts", "json"): lambda data: f"{_value(data)} n’est pas du JSON lisible.",
    ("facts", "object"): lambda data: f'{_value(data)} : on attend un objet JSON, {{"nom": valeur}}.',
    ("facts", "read"): _unreadable,
    ("anchor", "anchor"): lambda data: (
        f"{_value(data)} n’est ni une empreinte de 64 caractères, ni un fichier écrit par --write-anchor."
    ),
    ("agenda", "one_of"): lambda _: (
        "Dites de quoi : d’un dossier (--case), d’une personne (--person) ou d’un établissement (--establishment), "
        "et d’un seul."
    ),
    ("deadline", "without_case"): lambda _: "--deadline demande de quel dossier : --case.",
    ("occurrence", "without_deadline"): lambda _: "--occurrence demande de quelle échéance : --deadline.",
    ("by", "missing"): lambda _: "Pour un acte, dites qui le ferait : --by, ou la variable JALON_BY.",
    ("until", "horizon"): lambda _: (
        "Une prévision va d’aujourd’hui à dix ans au plus : choisissez une date (--until) entre les deux."
    ),
    ("limit", "range"): lambda _: "Le nombre (--limit) est au moins 1.",
    ("every", "range"): lambda _: "Le temps entre deux passages (--every) va de 1 à 86400 secondes.",
    ("status", "status"): lambda data: (
        f"{_value(data)} n’est pas un état de message : waiting, sent, failed, paper, refused ou dropped."
    ),
    ("value", "yes_or_no"): lambda data: f"{_value(data)} : on attend oui ou non.",
    ("value", "type"): lambda data: f"{_value(data)} n’est pas du type de ce réglage.",
    ("mutate", "between"): lambda data: (
        f"{_value(data)} : --mutate attend un nombre de programmes, de 1 à 100000."
    ),
    ("seed", "between"): lambda data: f"{_value(data)} : le tirage (--seed) est un nombre entier.",
    ("jobs", "between"): lambda data: f"{_value(data)} : --jobs attend un nombre de processus, de 1 à 64.",
    ("at_least", "percent"): lambda data: f"{_value(data)} : --at-least attend un nombre de 0 à 100.",
    ("only", "empty"): lambda data: f"Aucun de ces récits n’est du programme {_value(data)}.",
    ("only", "unknown"): lambda data: f"Aucun de ces récits ne nomme un dossier du programme {_value(data)}.",
    ("files", "empty"): lambda data: f"Le dossier {_value(data)} ne contient aucun récit (fichier .yaml).",
    ("meeting", "no_meeting"): lambda data: (
        f"Le dossier {quoted(data.get('value', '?'))} n’est pas une séance."
    ),
    ("body", "unknown"): lambda data: (
        f"{_value(data)} n’est pas une instance connue ici. Instances : {listed(data.get('known') or ['aucune'])}."
    ),
    ("kind", "form"): lambda data: (
        f"{_value(data)} n’est pas une sorte de place : un nom en minuscules, comme lit ou logement."
    ),
    ("kind", "unknown"): lambda data: (
        f"{_value(data)} n’est pas une sorte de place connue ici. Sortes : {listed(data.get('known') or ['aucune'])}."
    ),
    ("name", "blank"): lambda _: "Il manque le nom.",
    ("name", "unseen"): lambda _: "Ce nom contient un caractère invisible : retapez-le.",
    ("reason", "blank"): lambda _: "Il manque le motif.",
    ("size", "range"): lambda data: f"{_value(data)} : une place est pour 1 à 100 personnes.",
    ("until", "reversed"): lambda data: f"Le dernier jour ({_day(data)}) précède le premier.",
    ("on", "reversed"): lambda data: f"La place n’est pas encore ouverte le {_day(data)}.",
    ("since", "overlap"): lambda data: (
        f"Cette place est déjà hors service ces jours-là, depuis le {_day(data)}."
    ),
    ("on", "in_use"): lambda data: f"Cette place n’est pas hors service le {_day(data)}.",
    ("attributes", "form"): lambda data: (
        f"{_value(data)} n’est pas un nom : lettres, chiffres et « _ », comme pmr."
    ),
    ("attributes", "type"): lambda data: f"{_value(data)} : on attend oui, non, un texte ou un nombre.",
    ("sandbox", ""): lambda _: "Une base qui a déjà des dossiers ne devient pas un bac à sable.",
}

PROBLEMS: Mapping[str, Callable[[Data], str]] = {
    "not_sandbox": lambda _: (
        "--now ne vaut que dans un bac à sable (jalon db init --sandbox) : "
        "cette base suit l’horloge de la machine. Rien n’a été fait."
    ),
    "driver": lambda _: "PostgreSQL demande psycopg : installez jalon[postgres].",
}

NAMES: Mapping[str, str] = {
    "received_on": "la date de réception (--received)",
    "valid_until": "la fin de validité (--valid-until)",
    "signed_on": "la date de signature (--signed)",
    "on": "la date d’effet (--on)",
    "until": "la date (--until)",
    "born": "la date de naissance",
    "extra_days": "le jour ouvert (--worked)",
    "revision": "la révision (--revision)",
    "act": "la ligne de l’acte (--act)",
    "occurrence": "le rang de la date (--occurrence)",
    "notice": "le numéro du message",
    "limit": "le nombre (--limit)",
    "every": "le temps entre deux passages (--every)",
    "smtp": "l’adresse d’envoi (--smtp)",
    "sandbox": "le bac à sable",
    "facts": "les données (--facts)",
    "kind": "la sorte de place (--kind)",
    "unit": "l’unité (--unit)",
    "room": "la chambre (--room)",
    "size": "le nombre de personnes (--size)",
    "since": "le premier jour (--since)",
    "opened_on": "le premier jour (--opened)",
    "programmes": "les programmes (--workflow)",
    "attributes": "ce que la place a (--attribute)",
}
