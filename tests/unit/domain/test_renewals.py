"""Periods that are renewed: anchored, capped by `most`, ended by a date that a decision writes (R8, R9)."""

from datetime import date

import pytest

from jalon import Calendar, loads
from jalon.domain.schedule import schedule
from jalon.domain.timeline import Entry

MESURE = """
workflow: mesure
version: 1
title: Mesure
kind: mesure
roles: {staff: {cesf: CESF}}
states:
  ouverture: {cours: {label: En cours, turn: cesf}}
  cloture:   {fini: {label: Finie, terminal: true}}
facts:
  signe_le: {type: date, label: Signée le}
  terme:    {type: date, label: Terme écrit}
waivers:
  rallonge: {label: Prolonger encore, by: cesf, form: terme}
actions:
  ouvrir:    {label: Ouvrir, from: start, to: cours, by: cesf, form: signe_le, optional: terme}
  noter:     {label: Noter, in: cours, by: cesf, optional: terme}
  prolonger:
    label: Prolonger
    in: cours
    by: cesf
    optional: terme
    requires: [{count: prolonger, below: 1, waiver: rallonge, else: Déjà prolongée.}]
  retirer:   {label: Retirer la prolongation, in: cours, by: cesf, optional: terme}
  clore:     {label: Clore, from: cours, to: fini, by: cesf}
deadlines:
  fin:
    label: Fin
    while: cours
    due: {anchor: signe_le, after: P1M*, renewed_by: prolonger, taken_back_by: retirer, most: 1, decided: terme}
"""
SIGNED = ("2026-12-31", "ouvrir", {"signe_le": "2026-12-31"})


def occurrences(*acts):
    """Every period of a measure, in order."""
    workflow = loads(MESURE)
    entries = [
        Entry(
            number, date.fromisoformat(on), action, "samir", target="cours" if action == "ouvrir" else None,
            facts={name: date.fromisoformat(value) for name, value in facts.items()}, waived=tuple(waived),
        )
        for number, (on, action, facts, *waived) in enumerate(acts, start=1)
    ]  # fmt: skip
    settings = {name: parameter.default for name, parameter in workflow.parameters.items()}
    found = schedule(workflow, entries, date(2027, 12, 31), settings, Calendar())
    return sorted(found, key=lambda item: item.k)


def periods(*acts):
    """The dates of a measure's periods, in order."""
    return [item.due_on.isoformat() for item in occurrences(*acts)]


def stands(*acts):
    """The date that is open, and how each period stands."""
    found = occurrences(*acts)
    return [item.due_on.isoformat() for item in found if item.status == "open"], [
        item.status for item in found
    ]


@pytest.mark.parametrize(
    ("acts", "dates"),
    [
        ([SIGNED], ["2027-01-31"]),
        ([SIGNED, ("2027-01-20", "prolonger", {})], ["2027-01-31", "2027-02-28"]),
        (  # the cap lengthens nothing more
            [SIGNED, ("2027-01-20", "prolonger", {}), ("2027-02-20", "prolonger", {})],
            ["2027-01-31", "2027-02-28", "2027-02-28"],
        ),
        (  # a date written as the measure opens ends its first period, and the next counts from it
            [
                ("2026-12-31", "ouvrir", {"signe_le": "2026-12-31", "terme": "2027-02-10"}),
                ("2027-01-20", "prolonger", {}),
            ],
            ["2027-02-10", "2027-03-10"],
        ),
        (  # a date written along the way moves the present period
            [SIGNED, ("2027-01-05", "noter", {"terme": "2027-03-10"})],
            ["2027-03-10"],
        ),
        (  # a date written by the renewal itself
            [SIGNED, ("2027-01-20", "prolonger", {"terme": "2027-06-01"})],
            ["2027-01-31", "2027-06-01"],
        ),
        (  # a waiver's date waits for the renewal that uses it
            [
                SIGNED, ("2027-01-20", "prolonger", {}),
                ("2027-02-01", "deroger_rallonge", {"terme": "2027-09-30"}),
            ],
            ["2027-01-31", "2027-02-28"],
        ),
        (
            [
                SIGNED, ("2027-01-20", "prolonger", {}),
                ("2027-02-01", "deroger_rallonge", {"terme": "2027-09-30"}),
                ("2027-02-02", "prolonger", {}, "rallonge"),
            ],
            ["2027-01-31", "2027-02-28", "2027-09-30"],
        ),
    ],
)  # fmt: skip
def test_each_period_ends_on_its_day(acts, dates):
    assert periods(*acts) == dates


PROLONGED = ("2027-01-20", "prolonger", {})


@pytest.mark.parametrize(
    ("acts", "open_on", "statuses"),
    [
        ([SIGNED, PROLONGED, ("2027-01-25", "retirer", {})], "2027-01-31", ["open", "void"]),
        (  # there is nothing to take back
            [SIGNED, ("2027-01-25", "retirer", {})], "2027-01-31", ["open"],
        ),
        (  # taken back, then renewed: the second period again, and `most` counts one renewal
            [SIGNED, PROLONGED, ("2027-01-25", "retirer", {}), ("2027-01-26", "prolonger", {})],
            "2027-02-28", ["met", "open"],
        ),
        (  # the end that the renewal decided goes with it
            [SIGNED, ("2027-01-20", "prolonger", {"terme": "2027-06-01"}), ("2027-01-25", "retirer", {})],
            "2027-01-31", ["open", "void"],
        ),
        (  # the end decided at the beginning stays
            [
                ("2026-12-31", "ouvrir", {"signe_le": "2026-12-31", "terme": "2027-02-10"}), PROLONGED,
                ("2027-01-25", "retirer", {}),
            ],
            "2027-02-10", ["open", "void"],
        ),
        (  # an end written as the renewal is taken back
            [SIGNED, PROLONGED, ("2027-01-25", "retirer", {"terme": "2027-04-05"})],
            "2027-04-05", ["open", "void"],
        ),
        (  # the last of two, and only the last
            [SIGNED, PROLONGED, ("2027-02-20", "prolonger", {"terme": "2027-05-05"}), ("2027-02-25", "retirer", {})],
            "2027-02-28", ["met", "open", "void"],
        ),
    ],
)  # fmt: skip
def test_a_renewal_that_is_taken_back_never_was(acts, open_on, statuses):
    assert stands(*acts) == ([open_on], statuses)
