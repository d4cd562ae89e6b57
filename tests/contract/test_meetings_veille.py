"""The shape of a session carries another body, another kind of case, and other words: a veille of a social team."""

from collections.abc import Iterator

import pytest
from support.house import an_engine, clock_of, paris

from jalon import ActionRefused, Engine, loads

SITUATION = """
workflow: situation
version: 1
title: Situation
kind: demande
escalation: animatrice
roles:
  staff: {animatrice: Animatrice, travailleur_social: Travailleur social}
  body: {veille_sociale_interne: Veille sociale interne}
states:
  veille:
    signalee: {label: Signalée, turn: veille_sociale_interne}
    suivie:   {label: Plan d'action ouvert, turn: travailleur_social, sans_echeance: Le plan a ses dates.}
    resolue:  {label: Résolue, terminal: true}
facts:
  evoquee_le: {type: date, label: Évoquée le}
  plan:       {label: Plan d'action, personal: true}
notices:
  rappel_echeance:   {to: who}
  echeance_depassee: {to: escalation}
actions:
  signaler:     {label: Signaler, from: start, to: signalee, by: travailleur_social}
  ouvrir_plan:  {label: Ouvrir un plan d'action, from: signalee, to: suivie, by: animatrice, form: plan}
  garder:       {label: Garder à l'œil, in: signalee, by: [veille_sociale_interne, animatrice]}
  resoudre:     {label: Résoudre, from: [signalee, suivie], to: resolue, by: animatrice}
deadlines:
  passage: {label: Évoquer la situation, while: signalee, due: {anchor: evoquee_le}, informative: true}
  examen:
    label: Examiner la situation
    while: signalee
    due: {after: P1M*}
    met_by: [ouvrir_plan, resoudre]
    ladder: {at: P1D}
"""
VEILLE = """
workflow: veille
version: 1
title: Veille sociale interne
kind: reunion
include: reunion
escalation: animatrice
meeting: {body: veille_sociale_interne, date: date_seance, members: membres, agenda: ordre_du_jour}
roles:
  staff: {animatrice: Animatrice, travailleur_social: Travailleur social, psychologue: Psychologue conseil}
  body: {veille_sociale_interne: Veille sociale interne}
groups:
  alerte:        [travailleur_social, animatrice]
  programmation: [animatrice]
  animation:     [animatrice]
  secretariat:   [travailleur_social]
  convoques:     staff
notices:
  rappel_echeance:   {to: who}
  echeance_depassee: {to: escalation}
links:
  ordre_du_jour: {label: Situations, workflow: situation, gives: {evoquee_le: date_seance}, follows: true}
  remplacement:
    {label: Veille de remplacement, workflow: veille, opens_by: programmer, gives: {date_seance: nouvelle_date}}
"""


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = an_engine(database_url, on="2027-04-20")
    for text, name in ((SITUATION, "situation.yaml"), (VEILLE, "veille.yaml")):
        engine.workflows.register(loads(text, name))
    for person, role in (("anne", "animatrice"), ("tom", "travailleur_social"), ("paule", "psychologue")):
        engine.people.add(person, person.title(), address=f"{person}@veille.example")
        engine.people.grant(person, role, "ophis")
    yield engine
    engine.close()


def test_a_veille_examines_situations_with_its_own_words(engine: Engine) -> None:
    """The first Thursday of May 2027 is Ascension: the veille is held on Friday the 7th."""
    first, second = (engine.cases.open("situation", by="tom", establishment="ophis").id for _ in range(2))
    veille = engine.cases.open(
        "veille", {"date_seance": "2027-05-07"}, by="anne", establishment="ophis", action="programmer"
    ).id
    assert [one.body for one in engine.meetings.waiting("ophis")] == ["veille_sociale_interne"] * 2
    assert [point.case_id for point in engine.meetings.gather(veille, by="tom")] == [first, second]
    assert {item.name: item.due_on.isoformat() for item in engine.cases.dates(first)}[
        "passage"
    ] == "2027-05-07"
    clock_of(engine).set(paris("2027-05-07"))
    held = {"membres": ["anne", "paule", "M. Blanc"], "secretaire": "tom"}
    engine.cases.perform(veille, "tenir", held, by="anne")
    plan = engine.meetings.decide(veille, first, "ouvrir_plan", {"plan": "Visite chaque semaine."}, by="anne")
    assert (plan.state, "membres" in plan.facts) == ("suivie", False)
    engine.cases.perform(veille, "diffuser_cr", {"compte_rendu": "cr.pdf"}, by="tom")
    with pytest.raises(ActionRefused):
        engine.cases.perform(veille, "clore", by="anne")
    engine.meetings.decide(veille, second, "resoudre", by="anne")
    assert engine.cases.perform(veille, "clore", by="anne").state == "close"
    assert engine.verify().faults == ()


def test_a_decision_that_leaves_a_case_waiting_is_annulled_and_its_point_is_open_there_alone(
    engine: Engine,
) -> None:
    """Another veille had gathered it since: it lets go of it, and the case is told again of the first one's day."""
    case = engine.cases.open("situation", by="tom", establishment="ophis").id
    first, second = (
        engine.cases.open("veille", {"date_seance": day}, by="anne", establishment="ophis", action="programmer").id
        for day in ("2027-04-20", "2027-05-07")
    )  # fmt: skip
    engine.meetings.gather(first, by="tom")
    engine.cases.perform(first, "tenir", {"membres": ["anne", "paule"], "secretaire": "tom"}, by="anne")
    engine.meetings.decide(first, case, "garder", by="anne")
    engine.meetings.gather(second, by="tom")
    engine.cases.annul(case, by="anne", reason="Erreur.")
    assert [[point.settled for point in engine.meetings.agenda(session)] for session in (first, second)] == [
        [False],
        [],
    ]
    assert engine.cases.get(case).facts["evoquee_le"].isoformat() == "2027-04-20"
    assert [one.meeting for one in engine.meetings.waiting("ophis")] == [first]
    assert engine.verify().faults == ()
