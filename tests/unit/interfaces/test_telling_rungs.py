"""When a step of a ladder came: as its rule says, or how far it truly was."""

from datetime import date

import pytest

from jalon.domain.deadline import Rung
from jalon.domain.model import Setting
from jalon.interfaces.telling_rungs import Bases, said

DUE, LEGAL, ANCHOR = date(2026, 12, 14), date(2026, 12, 12), date(2026, 12, 1)
WHEN, EFFECT = "le jour dit", " : message « x »"


def told(
    day: str, delay: str | Setting, base: str = "due", *, anchor: date | None = ANCHOR, **more: object
) -> str:
    rung = Rung(
        id="r", base=base, delay=delay, kind="notice", notify=("x",), **{"shift": "precedent", **more}
    )
    bases = Bases(DUE, LEGAL, anchor)
    found = said(WHEN + EFFECT, WHEN, rung, date.fromisoformat(day), bases, {"delai": "P7D"})
    assert found.endswith(EFFECT)
    return found.removesuffix(EFFECT)


@pytest.mark.parametrize(
    ("day", "delay", "base", "words"),
    [
        ("2026-12-14", "P0D", "due", WHEN),
        ("2026-12-11", "P0D", "due", "3 jours avant l’échéance"),
        ("2026-12-16", "P1D", "due", "2 jours après l’échéance"),
        ("2026-12-14", "P1D", "due", "le jour de l’échéance"),
        ("2026-11-14", "-P1M", "due", WHEN),
        ("2026-11-13", "-P1M", "due", "31 jours avant l’échéance"),
        ("2026-12-10", "-P2B", "due", WHEN),
        ("2026-12-11", "P0D", "legal", "1 jour avant la date légale"),
        ("2026-12-12", "P0D", "legal", WHEN),
        ("2026-12-08", "P7D", "anchor", WHEN),
        ("2026-12-07", "P7D", "anchor", "6 jours après le point de départ"),
        ("2026-12-05", "le 5", "month", WHEN),
        ("2026-12-04", "le 5", "month", "10 jours avant l’échéance"),
    ],
)
def test_a_step_is_told_by_its_rule_or_by_its_days(day: str, delay: str, base: str, words: str) -> None:
    assert told(day, delay, base) == words


def test_a_setting_that_the_house_has_changed_is_told_by_its_days() -> None:
    assert told("2026-12-21", Setting(param="delai")) == WHEN
    assert told("2026-12-24", Setting(param="delai")) == "10 jours après l’échéance"


def test_without_its_anchor_a_step_is_counted_from_the_date() -> None:
    """Working days, and steps that are never moved, need none."""
    assert told("2026-12-07", "P7D", "anchor", anchor=None) == "7 jours avant l’échéance"
    assert told("2026-12-07", "P7D", "anchor", anchor=None, shift="aucun") == WHEN
    assert told("2026-12-03", "P2B", "anchor", anchor=None) == WHEN


def test_a_step_that_repeats_is_told_by_its_rule() -> None:
    assert told("2026-12-23", "P1D", every="P7D") == WHEN
