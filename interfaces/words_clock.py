"""The French sentences of what a correction cannot put right by itself: a silence counted on a day not its own."""

from collections.abc import Callable, Mapping
from typing import Any

from .french import long_day, quoted

Data = Mapping[str, Any]


def _act(data: Data) -> str:
    """Name the act of the clock, and the day on which it counts."""
    return f"{quoted(data['label'])} (ligne {data['act']}) compte du {long_day(data['on'])}"


def _over(data: Data) -> str:
    """Name the date that is now right."""
    return f"{quoted(data['deadline_label'])} finit maintenant le {long_day(data['due_on'])}"


def _to_come(data: Data) -> str:
    if not data:
        return (
            "Un délai compté comme fini ne l’est plus : l’acte de l’horloge garde son jour. Une réponse reçue d’ici là "
            "se note comme apprise après coup ; sinon, rectifiez le jour de l’acte une fois ce délai passé."
        )
    return (
        f"{_act(data)}, mais {_over(data)}, qui n’est pas passé : rien n’est encore acquis. Une réponse reçue d’ici là "
        "se note comme apprise après coup ; sinon, une fois ce jour passé, rectifiez le jour de l’acte "
        f"(ligne {data['act']})."
    )


def _out_of_order(data: Data) -> str:
    if not data:
        return (
            "L’acte de l’horloge garde son jour, bien que son délai finisse un autre jour : d’autres actes l’ont "
            "suivi, qui n’auraient pas été possibles. Vérifiez leurs jours."
        )
    return (
        f"{_act(data)}, mais {_over(data)} : l’acte garde son jour, d’autres l’ont suivi qui n’auraient pas été "
        "possibles. Vérifiez leurs jours, puis ce qui se compte de cet acte."
    )


def _too_early(data: Data) -> str:
    if not data:
        return (
            "L’acte de l’horloge compte plus tard que la fin de son délai : il ne précède pas le dernier changement "
            "d’état. Si le jour de celui-ci est juste, il n’y a rien à faire ; sinon, rectifiez-le."
        )
    return (
        f"{_act(data)}, jour de ce qui l’a précédé, mais {_over(data)}. Si ce jour est juste, il n’y a rien à faire "
        "(vérifiez seulement les dates qui se comptent de cet acte) ; s’il est faux, rectifiez-le."
    )


CLOCK_DAYS: Mapping[str, Callable[[Data], str]] = {
    "clock_to_come": _to_come,
    "clock_out_of_order": _out_of_order,
    "clock_too_early": _too_early,
}
