"""The French sentence of each error, by its code: what happened, and what to do."""

from collections.abc import Callable, Mapping
from typing import Any

from .french import quoted

Data = Mapping[str, Any]

_KINDS = {
    "case": "Aucun dossier visible ne porte le numéro {name} : il n’existe pas, ou --by n’a pas de fonction "
    "dans son établissement.",
    "actor": "Aucune personne n’est connue sous l’identifiant {name} : ajoutez-la avec « jalon people add ».",
    "establishment": "Aucun établissement n’est connu sous le nom {name} : "
    "ajoutez-le avec « jalon establishment add ».",
    "workflow": "Le programme {name} n’est pas enregistré dans cette base : "
    "ajoutez-le avec « jalon workflows add ».",
    "document": "Ce programme ne demande aucune pièce du nom de {name}.",
    "place": "Aucune place ne porte le nom {name} dans cet établissement : « jalon places » les montre.",
    "parameter": "Aucun réglage ne porte le nom {name}.",
    "deadline": "Aucune échéance ne porte le nom {name}.",
    "occurrence": "Aucune date ne porte le numéro {name}.",
    "notice": "Aucun message ne porte le numéro {name}.",
    "state": "Aucun état ne porte le nom {name}.",
    "role": "Aucune fonction ne porte le nom {name}.",
    "action": "Aucun acte ne porte le nom {name}.",
    "event": "L’historique de ce dossier n’a pas de ligne {name}.",
    "fact": "Aucune donnée ne porte le nom {name}.",
    "why": "Ni acte, ni échéance, ni message de ce dossier ne porte le nom {name} : "
    "voyez « jalon options » et « jalon show ».",
}


def _not_found(data: Data) -> str:
    known = _KINDS.get(str(data.get("kind")), "Rien n’est connu sous le nom {name}.")
    return known.format(name=quoted(data.get("name", "?")))


def _frozen(data: Data) -> str:
    name, version = quoted(data.get("workflow", "?")), data.get("version", "?")
    return (
        f"Le programme {name} est déjà enregistré en version {version} avec un autre contenu : "
        "donnez une nouvelle version au document (version: …)."
    )


def _storage(data: Data) -> str:
    if data.get("reason") == "busy":
        return "La base de données est occupée par une autre opération : réessayez dans un instant."
    if data.get("reason") == "damaged":
        return (
            "Ce fichier n’est pas une base de données, ou il est abîmé : "
            "vérifiez son chemin (--database), ou reprenez une sauvegarde."
        )
    return (
        "La base de données ne répond pas, ou ne peut pas être écrite : "
        "vérifiez son adresse, les droits et la place sur le disque."
    )


def _not_initialised(data: Data) -> str:
    where = f" ({data['path']})" if data.get("path") else ""
    return f"Il n’y a pas encore de base jalon à cet endroit{where} : créez-la avec « jalon db init »."


def _broken(data: Data) -> str:
    case = data.get("case") or data.get("case_id")
    where = f" du dossier {case}" if case else ""
    line = f", à partir de la ligne {data['seq']}" if data.get("seq") is not None else ""
    return f"L’historique{where} n’est plus tel qu’il a été écrit{line} : il a été modifié hors de jalon."


def _template(data: Data) -> str:
    detail = str(data.get("detail") or data.get("reason") or "").rstrip(".")
    return (
        f"Le message {quoted(data.get('key', '?'))} ne peut pas être écrit{f' : {detail}' if detail else ''}."
    )


def _delivery(what: str) -> Callable[[Data], str]:
    def words(data: Data) -> str:
        status = f" (réponse {data['status']})" if data.get("status") else ""
        return f"{what}{status}."

    return words


ERRORS: Mapping[str, Callable[[Data], str]] = {
    "not_found": _not_found,
    "stale_case": lambda _: (
        "Ce dossier vient d’être modifié par quelqu’un d’autre : relisez-le, puis recommencez. "
        "Rien n’a été enregistré."
    ),
    "key_reused": lambda _: (
        "Cette clé (--key) a déjà servi à une autre commande : prenez-en une autre. Rien n’a été enregistré."
    ),
    "version_frozen": _frozen,
    "storage": _storage,
    "not_initialised": _not_initialised,
    "needs_upgrade": lambda _: (
        "Cette base vient d’une version plus ancienne de jalon : mettez-la à niveau avec « jalon db upgrade »."
    ),
    "too_recent": lambda _: (
        "Cette base vient d’une version plus récente de jalon : installez cette version pour l’ouvrir. "
        "Rien n’a été écrit."
    ),
    "stale_snapshot": lambda _: (
        "Ce qui avait été lu dans la base a changé entre-temps : recommencez. Rien n’a été enregistré."
    ),
    "history_broken": _broken,
    "template": _template,
    "delivery": _delivery("Le message n’a pas pu partir"),
    "delivery_transient": _delivery("Le message est refusé pour l’instant ; il repartira plus tard"),
    "delivery_permanent": _delivery("Le message est refusé pour de bon ; il ne repartira pas de lui-même"),
    "connection_lost": _delivery("Le serveur de messagerie ne répond pas ; les messages attendent"),
}
"""The sentences by code; a code that is not here takes that of its parent class."""
