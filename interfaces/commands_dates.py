"""`jalon date` and `jalon holidays`: civil time, told; no database."""

from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer

from .. import InputError
from ..dates import Calendar, explain, long_date, series
from ..domain.calendars import as_calendar, named_holidays
from ..domain.explain_dates import Explanation, Move, long_delay, told_rhythm
from .french import listed, plural
from .help import Command, DelayCommand
from .options import Json, Zone
from .output import say, show_json, show_table
from .reading import read_date, read_whole

_SHIFTS = {
    "suivant": "si le jour n’est pas ouvré, le suivant",
    "precedent": "si le jour n’est pas ouvré, le précédent",
}
_GAP = "  "


def register(app: typer.Typer) -> None:
    """Add the commands of this module."""
    app.command("date", cls=DelayCommand)(date_command)
    app.command("holidays", cls=Command)(holidays_command)


def date_command(
    anchor: Annotated[str, typer.Argument(metavar="DATE", help="Le départ : 2026-12-31 ou 31/12/2026.")],
    delay: Annotated[
        str,
        typer.Argument(
            metavar="DÉLAI",
            help="P2M, P1Y, P14D, P2W, P5B (jours ouvrés), -P4M… ou un rythme : lundi, « premier jeudi », « le 15 ».",
        ),
    ],
    times: Annotated[
        str | None, typer.Option(metavar="N", help="Les N premières dates, comptées du départ.")
    ] = None,
    k: Annotated[str | None, typer.Option("--k", metavar="K", help="La K-ième date seulement.")] = None,
    shift: Annotated[
        str,
        typer.Option(
            metavar="REPORT",
            help="Si le jour n’est pas ouvré : aucun, suivant ou precedent.",
        ),
    ] = "aucun",
    zone: Zone = "metropole",
    franc: Annotated[bool, typer.Option("--franc", help="Délai franc : un jour de plus.")] = False,
    closed: Annotated[
        list[str] | None, typer.Option(metavar="DATE", help="Un jour de fermeture de la maison ; répétable.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Compter un délai ou suivre un rythme, et dire le pourquoi de chaque date.

    Les mois se comptent du départ et gardent son quantième ; un mois trop court donne son dernier jour.
    """
    if times is not None and k is not None:
        raise InputError("times and k exclude each other", argument="k", problem="with_times")
    start = read_date(anchor, "anchor")
    days = frozenset(read_date(day, "closures") for day in closed or ())
    house = Calendar(zone, days) if days else zone
    if times is not None:
        found = series(start, delay, read_whole(times, "times"), shift=shift, calendar=house, franc=franc)
    else:
        rank = 1 if k is None else read_whole(k, "k")
        found = [explain(start, delay, k=rank, shift=shift, calendar=house, franc=franc)]
    if as_json:
        show_json(_as_data(found, delay, shift, zone))
    else:
        _tell(found, delay, shift, zone, single=times is None)


def _tell(found: list[Explanation], delay: str, shift: str, zone: str, *, single: bool) -> None:
    """Print the rule, then each date with its reasons below it."""
    rule = found[0].rule() if single else _series_rule(found, delay)
    moved = f" ; {_SHIFTS[shift]}" if shift in _SHIFTS else ""
    counted = moved or "B" in delay
    say(f"{rule[0].upper()}{rule[1:]}{moved}{f' ({zone})' if counted else ''}.")
    say()
    width = len(str(len(found)))
    for told in found:
        number = "" if single else f"{told.k:>{width}}{_GAP}"
        lead = f"{number}{told.due.isoformat()}{_GAP}"
        say(f"{lead}{long_date(told.due)}")
        for reason in _reasons(told):
            say(f"{' ' * len(lead)}{reason}")


def _series_rule(found: list[Explanation], delay: str) -> str:
    times = plural(len(found), "fois", "fois")
    if found[0].rhythm is not None:
        return f"{told_rhythm(found[0].rhythm)}, {times}, à compter du {long_date(found[0].anchor)}"
    way = " en arrière" if found[0].delay.backwards else ""
    return f"{long_delay(delay)}{way}, {times}, à compter du {long_date(found[0].anchor)}"


def _reasons(told: Explanation) -> Iterator[str]:
    """Say what makes the date other than the plain one; the days passed over come last, as a sentence."""
    reasons = told.reasons()
    yield from reasons[:-1] if told.moves else reasons
    if told.moves:
        days = [f"le {long_date(move.day)}{_named(move)}" for move in told.moves]
        verb = "n’est pas ouvré" if len(days) == 1 else "ne sont pas ouvrés"
        yield f"{listed(days)} {verb} : {'reporté' if told.due > told.raw else 'avancé'}"


def _named(move: Move) -> str:
    """Name a holiday or a closure; the name of a Saturday already says why."""
    weekend = move.reason in ("samedi", "dimanche")
    return "" if weekend else f" ({move.reason.replace(' (férié)', ', férié')})"


def _as_data(found: list[Explanation], delay: str, shift: str, zone: str) -> dict[str, Any]:
    dates = [
        {
            "k": told.k, "date": told.due.isoformat(), "unshifted": told.raw.isoformat(), "clamped": told.clamped,
            "skipped": _moves(told.skipped), "moves": _moves(told.moves), "reasons": list(told.reasons()),
        }
        for told in found
    ]  # fmt: skip
    first = found[0]
    return {
        "anchor": first.anchor.isoformat(), "delay": delay, "shift": shift, "zone": zone, "franc": first.franc,
        "dates": dates,
    }  # fmt: skip


def _moves(moves: Iterable[Move]) -> list[dict[str, str]]:
    return [{"date": move.day.isoformat(), "reason": move.reason} for move in moves]


def holidays_command(
    year: Annotated[str, typer.Argument(metavar="ANNÉE")],
    zone: Zone = "metropole",
    as_json: Json = False,
) -> None:
    """Lister les jours fériés d’une année."""
    found = named_holidays(read_whole(year, "year"), as_calendar(zone).zone)
    if as_json:
        show_json([{"date": day.isoformat(), "name": name} for day, name in found.items()])
    else:
        show_table(
            ("date", "jour", "fête"), [(day.isoformat(), long_date(day), name) for day, name in found.items()]
        )
