"""A date that was met waits again once what met it is taken back (`reopened_by`)."""

from datetime import date

import pytest
from support.documents import spoiled

from jalon import Calendar, DefinitionError, loads
from jalon.domain.schedule import schedule
from jalon.domain.timeline import Entry
from jalon.workflows.words import Words

SEJOUR = """
workflow: sejour
version: 1
title: Séjour
kind: parcours
roles: {staff: {agent: Agent}}
states:
  sejour:
    ici:    {label: Ici, turn: agent, sans_echeance: La personne habite.}
    sort:   {label: En partance, turn: agent, sans_echeance: La personne cherche.}
    parti:  {label: Parti, terminal: true}
facts:
  fin_le: {type: date, label: Fin}
actions:
  entrer:     {label: Entrer, from: start, to: ici, by: agent, form: fin_le}
  demander:   {label: Demander, in: ici, by: agent}
  preparer:   {label: Préparer la sortie, from: ici, to: sort, by: agent}
  retirer:    {label: Retirer la demande, in: [ici, sort], by: agent}
  rester:     {label: Rester, from: sort, to: ici, by: agent}
  renouveler: {label: Renouveler, in: ici, by: agent, form: fin_le}
  partir:     {label: Partir, from: [ici, sort], to: parti, by: agent}
deadlines:
  fin:
    label: Fin
    while: [ici, sort]
    due: {anchor: fin_le, after: P0D}
    met_by: [renouveler, partir]
    informative: true
    basis: usage
  limite:
    label: Demander
    while: ici
    due: {anchor: fin, after: -P1M}
    met_by: demander
    reopened_by: [retirer, preparer]
    informative: true
    basis: usage
  accueil:
    label: Accueillir
    while: ici
    due: {anchor: entrer, after: P8D}
    met_by: demander
    reopened_by: [preparer, retirer]
    informative: true
    basis: usage
"""
TARGETS = {"entrer": "ici", "preparer": "sort", "rester": "ici", "partir": "parti"}
FIN, NEXT = "2027-06-30", "2027-12-31"


def dates(name, *acts):
    """How each date of a deadline stands, an act a day from 1 January."""
    workflow = loads(SEJOUR)
    entries = [
        Entry(
            number, date(2027, 1, number), action.split()[0], "ana", target=TARGETS.get(action.split()[0]),
            facts={"fin_le": date.fromisoformat(action.split()[1])} if " " in action else {},
        )
        for number, action in enumerate(acts, start=1)
    ]  # fmt: skip
    found = schedule(workflow, entries, date(2027, 2, 1), {}, Calendar())
    return [(item.due_on.isoformat(), item.status) for item in found if item.name == name]


@pytest.mark.parametrize(
    ("acts", "limit"),
    [
        (["demander"], [("2027-05-30", "met")]),
        (["demander", "preparer"], [("2027-05-30", "void")]),
        (["demander", "preparer", "rester"], [("2027-05-30", "open")]),
        (["demander", "retirer"], [("2027-05-30", "open")]),
        (["demander", "retirer", "demander"], [("2027-05-30", "met")]),
        (["demander", "preparer", "retirer", "rester", "demander"], [("2027-05-30", "met")]),
        (["preparer", "rester"], [("2027-05-30", "open")]),
        (["retirer"], [("2027-05-30", "open")]),
        # what was asked for another period is not taken back: it has been granted since
        ([f"renouveler {NEXT}", "retirer"], [("2027-05-30", "void"), ("2027-11-30", "open")]),
        (["demander", f"renouveler {NEXT}", "retirer"], [("2027-05-30", "met"), ("2027-11-30", "open")]),
        (["demander", f"renouveler {NEXT}", "preparer", "rester"], [("2027-05-30", "met"), ("2027-11-30", "open")]),
        (["demander", f"renouveler {NEXT}", "demander", "retirer"], [("2027-05-30", "met"), ("2027-11-30", "open")]),
    ],
)  # fmt: skip
def test_a_date_waits_again_once_what_met_it_is_taken_back(acts, limit):
    assert dates("limite", f"entrer {FIN}", *acts) == limit


@pytest.mark.parametrize(
    ("acts", "status"), [(["demander"], "met"), (["demander", "retirer"], "open"), (["demander", "preparer"], "void")]
)  # fmt: skip
def test_so_does_one_that_counts_from_an_act(acts, status):
    assert dates("accueil", f"entrer {FIN}", *acts) == [("2027-01-09", status)]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("[retirer, preparer]", "demander", "« demander » éteint « Demander » (met_by) : il ne la rouvre pas"),
        ("met_by: demander\n    reopened_by: [preparer", "reopened_by: [preparer", "« met_by » dit lequel"),
        ("due: {anchor: entrer, after: P8D}", "due: {anchor: entrer, every: P8D}", "à plusieurs dates"),
        ("due: {anchor: entrer, after: P8D}", "due: {anchor: {each: entrer}, after: P8D}", "à plusieurs dates"),
        ("due: {anchor: entrer, after: P8D}", "due: {anchor: entrer, after: P8D, renewed_by: renouveler}",
         "à plusieurs dates"),
    ],
)  # fmt: skip
def test_what_takes_back_is_checked(before, after, words):
    with pytest.raises(DefinitionError) as caught:
        loads(spoiled(before, after, SEJOUR))
    assert [problem for problem in caught.value.problems if words in problem.text]


def test_what_takes_back_is_told():
    workflow = loads(SEJOUR)
    (clause,) = Words(workflow).clauses(workflow.deadlines["limite"])
    assert clause == "court de nouveau après « Retirer la demande » ou « Préparer la sortie »"
