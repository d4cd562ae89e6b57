"""Rhythms whose anchor changes, and what hangs on them; each date counted by hand."""

from datetime import date

from jalon import Calendar, loads
from jalon.domain.schedule import schedule
from jalon.domain.timeline import Entry

TEXT = """
workflow: suspendu
version: 1
title: Rythmes suspendus à d'autres dates
kind: mesure
roles: {staff: {agent: Agent}}
seasons:
  treve: {label: Trêve, from: 11-01, to: 03-31, basis: law:CPCE L412-6}
states:
  ouverture:
    recu:    {label: Reçu, turn: agent, sans_echeance: Essai.}
    cours:   {label: En cours, turn: agent}
    hopital: {label: À l'hôpital, turn: agent, sans_echeance: Essai.}
  cloture: {clos: {label: Clos, terminal: true}}
facts:
  jour: {type: date, label: Jour}
  fin:  {type: date, label: Fin}
actions:
  recevoir:  {label: Recevoir, from: start, to: recu, by: agent}
  ouvrir:    {label: Ouvrir, from: [recu, hopital], to: cours, by: agent, optional: [jour, fin]}
  noter:     {label: Noter, in: [cours, hopital], by: agent, optional: [jour, fin]}
  voir:      {label: Voir, in: cours, by: agent}
  finir:     {label: Finir, in: cours, by: agent}
  hospitaliser: {label: Hospitaliser, from: cours, to: hopital, by: agent}
  sortir:    {label: Sortir, from: hopital, to: recu, by: agent}
  clore:     {label: Clore, from: cours, to: clos, by: agent}
groups: {suivi: [cours, hopital]}
deadlines:
  semaine: {label: Semaine, while: suivi, due: {anchor: jour, every: P7D}, met_by: voir, basis: usage}
  suite:   {label: Suite, while: suivi, due: {anchor: semaine, after: P3D}, informative: true, basis: usage}
  terme:
    label: Terme
    while: suivi
    due: {anchor: jour, after: P30D}
    met_by: finir
    suspends: {while: hopital, because: Essai.}
    basis: usage
  apres:   {label: Après, while: suivi, due: {anchor: terme, every: P7D}, informative: true, basis: usage}
  borne:   {label: Borné, while: suivi, due: {anchor: jour, every: P14D, until: terme}, basis: usage}
  dehors:
    label: Hors de la trêve
    while: suivi
    due: {anchor: fin, after: P2M, shift: suivant, not_before: treve}
    basis: law:CPCE L412-6
  recule:
    label: Hors de la trêve, en reculant
    while: suivi
    due: {anchor: fin, after: P2M, shift: precedent, not_before: treve}
    basis: law:CPCE L412-6
"""
WORKFLOW = loads(TEXT)


def told(name, today, *acts):
    entries = [
        Entry(number, date.fromisoformat(on), action, "agent", target=WORKFLOW.actions[action].target,
              facts={key: date.fromisoformat(value) for key, value in (facts[0] if facts else {}).items()})
        for number, (on, action, *facts) in enumerate(acts, start=1)
    ]  # fmt: skip
    found = schedule(WORKFLOW, entries, date.fromisoformat(today), {}, Calendar())
    return [
        f"{one.due_on} {one.status}" for one in sorted(found, key=lambda one: one.due_on) if one.name == name
    ]


OPENED = (("2026-03-02", "recevoir"), ("2026-03-02", "ouvrir", {"jour": "2026-03-02"}))


def test_an_anchor_set_again_moves_the_open_date_and_counts_from_there():
    again = ("2026-05-06", "noter", {"jour": "2026-05-04"})
    before = told("semaine", "2026-05-05", *OPENED)
    after = told("semaine", "2026-05-06", *OPENED, again)
    assert before[-1] == "2026-05-04 open"
    assert after == [*before[:-1], "2026-05-11 open"]
    assert told("semaine", "2026-05-20", *OPENED, again)[-2:] == ["2026-05-11 missed", "2026-05-18 open"]


def test_what_hangs_on_a_rhythm_follows_the_end_of_its_periods():
    assert told("suite", "2026-03-31", *OPENED) == [
        "2026-03-12 missed", "2026-03-19 missed", "2026-03-26 missed", "2026-04-02 open",
    ]  # fmt: skip
    assert told("suite", "2026-03-31", *OPENED, ("2026-03-31", "noter")) == told(
        "suite", "2026-03-31", *OPENED
    )


def test_a_rhythm_hung_on_a_clock_that_stands_still_waits_with_it():
    stay = (("2026-03-12", "hospitaliser"), ("2026-05-12", "sortir"), ("2026-05-12", "ouvrir"))
    assert told("apres", "2026-05-11", *OPENED, stay[0]) == ["2026-04-08 open"]
    # the term, 1 April, comes 61 days later: 1 June
    assert told("apres", "2026-05-12", *OPENED, *stay)[-1] == "2026-06-08 open"
    assert not [line for line in told("apres", "2026-05-12", *OPENED, *stay) if line.endswith("missed")]


def test_a_rhythm_ends_with_another_date_even_once_that_is_met():
    until = ["2026-03-16 missed", "2026-03-30 missed"]
    assert told("borne", "2026-06-01", *OPENED) == until
    assert told("borne", "2026-06-01", *OPENED, ("2026-03-25", "finir")) == until


def test_a_stay_that_ended_before_the_anchor_was_known_counts_no_more_than_it_lasted():
    left = (
        ("2026-03-02", "recevoir"), ("2026-03-02", "ouvrir"), ("2026-03-10", "hospitaliser"),
        ("2026-03-12", "sortir"), ("2026-04-20", "ouvrir", {"jour": "2026-03-05"}),
    )  # fmt: skip
    assert told("terme", "2026-04-20", *left) == ["2026-04-06 open"]


def test_a_shift_never_leads_back_into_a_season():
    def ends(day):
        acts = (*OPENED, ("2026-03-03", "noter", {"fin": day}))
        return told("dehors", "2026-03-03", *acts)[0][:10], told("recule", "2026-03-03", *acts)[0][:10]

    # 31 October 2026 is a Saturday, the Monday is in the truce; 1 April 2028 is a Saturday, the Friday is
    assert ends("2026-08-31") == ("2027-04-01", "2026-10-30")
    assert ends("2028-01-10") == ("2028-04-03", "2028-04-03")


def test_a_slip_of_the_pen_is_late_not_far():
    assert told("dehors", "2026-03-03", *OPENED, ("2026-03-03", "noter", {"fin": "0226-05-15"})) == [
        "0226-07-15 open"
    ]


def test_an_old_rhythm_is_resumed_at_the_period_of_the_day():
    opened = (("2026-03-02", "recevoir"), ("2026-03-02", "ouvrir", {"jour": "1926-03-01"}))
    assert told("semaine", "2026-03-02", *opened) == ["2026-03-02 open"]  # both are Mondays
