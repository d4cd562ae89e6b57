"""The French sentences of the reasons for which a place cannot be taken."""

from collections.abc import Callable, Mapping
from typing import Any

from .french import listed, long_day, plural, quoted

Data = Mapping[str, Any]

_HOW = {
    "promised": "promise au", "occupied": "occupée par le", "kept": "gardée pour le",
    "to_free": "encore occupée par le",
}  # fmt: skip


def _place(data: Data) -> str:
    return quoted(data.get("place", "?"))


def _number(data: Data) -> str:
    return f"dossier D-{int(data['case']):04d}"


def _taken(data: Data) -> str:
    if "case" not in data:
        return f"La place {_place(data)} est déjà prise par un autre dossier."
    return f"La place {_place(data)} est {_held(data)}."


def _held(data: Data) -> str:
    """Say who has the place, or had it on that day."""
    if "since" in data:
        until = f" et jusqu’au {long_day(data['freed_on'])}" if data.get("freed_on") else ""
        return f"celle du {_number(data)} depuis le {long_day(data['since'])}{until}"
    if data.get("freed_on"):
        return (
            f"libre depuis le {long_day(data['freed_on'])} seulement : le {_number(data)} l’avait jusque-là"
        )
    return f"{_HOW.get(str(data.get('status')), 'déjà prise par le')} {_number(data)}"


def _out(data: Data) -> str:
    return f"La place {_place(data)} {_shut(data)}."


def _shut(data: Data) -> str:
    if data.get("opened_on"):
        return f"n’ouvre que le {long_day(data['opened_on'])}"
    if data.get("closed_on"):
        return f"n’existe plus depuis le {long_day(data['closed_on'])}"
    until = f" jusqu’au {long_day(data['until'])}" if data.get("until") else ""
    why = f" ({data['reason']})" if data.get("reason") else ""
    return f"est hors service depuis le {long_day(data.get('since', '?'))}{until}{why}"


def _misfit(data: Data) -> str:
    return f"La place {_place(data)} {_unsuited(data)}."


def _unsuited(data: Data) -> str:
    if "size" in data:
        wanted = plural(int(data["people"]), "personne", "personnes")
        return (
            f"est prévue pour {plural(int(data['size']), 'personne', 'personnes')}, le ménage compte {wanted}"
        )
    if data.get("programmes"):
        return f"est réservée à : {listed(map(str, data['programmes']), 'ou')}"
    return "ne convient pas à ce dossier"


def _none_free(data: Data) -> str:
    ways = [_way(one) for one in data.get("why") or ()]
    if not ways:
        return "Aucune place n’est libre pour ce dossier."
    return f"Aucune place n’est libre pour ce dossier. {' ; '.join(_some(ways))}."


def _way(data: Data) -> str:
    """Say in a few words why one place is closed."""
    if data.get("text"):
        return f"{data.get('place', '?')} : {str(data['text']).rstrip('.')}"
    if data.get("code") == "place_taken":
        return f"{data.get('place', '?')} est {_held(data)}"
    return f"{data.get('place', '?')} {_shut(data) if data.get('code') == 'place_out' else _unsuited(data)}"


def _some(ways: list[str], most: int = 7) -> list[str]:
    return ways if len(ways) <= most else [*ways[:most], f"et {plural(len(ways) - most, 'autre', 'autres')}"]


def lost_place(data: Data) -> str:
    """Say why a place is not given back: who has it since, or why it suits no more."""
    why = data.get("why") or {"code": "place_taken", **data}
    if not why.get("text"):
        return PLACES[why["code"]](why)
    return f"La place {_place(data)} ne convient plus. {beside(why['text'], why)}"


def beside(text: str, data: Data) -> str:
    """Add to the words of a workflow who is in the same room, and since when."""
    if "case" not in data or "since" not in data:
        return text
    return f"{text.rstrip('.')} (le {_number(data)}, depuis le {long_day(data['since'])})."


def waits(text: str, data: Data) -> str:
    """Add to the words of a workflow who waits, since when, and which place they could take."""
    if "case" not in data:
        return text
    suits = f" et pourrait prendre {_place(data)}" if data.get("place") else ""
    return f"{text} Le {_number(data)} attend depuis le {long_day(data['since'])}{suits}."


def _no_more(data: Data) -> str:
    """Say that a place that is held suits no more; a history does not keep why: that is told of today only."""
    if not data.get("why"):
        return (
            "La place que tient ce dossier ne lui convient plus, jalon places dit pourquoi : "
            "voir s’il faut en changer."
        )
    return f"La place {_place(data)} ne convient plus. {with_whom(str(data['why']), data)}"


def with_whom(text: str, data: Data) -> str:
    """Add to the words of a workflow who is in the same room."""
    return f"{text.rstrip('.')} ({_number(data)})." if "case" in data else text


PLACES: Mapping[str, Callable[[Data], str]] = {
    "place_taken": _taken,
    "place_unknown": lambda data: (
        f"L’établissement n’a pas de place {_place(data)} : jalon places les montre."
    ),
    "place_out": _out,
    "place_misfit": _misfit,
    "place_none_free": _none_free,
    "place_unsuited": _no_more,
}
