"""A stay, what is opened beside it, and who is housed: workflows of a page each, in two houses."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import pytest
from support.engines import MONDAY, paris

from jalon import ActionRefused, Case, Engine, Settings, VirtualClock, loads
from jalon.domain.workflow import Workflow

ROLES = """
roles:
  staff: {agent: Agent, chef: Chef}
  household: {menage_loge: Ménage}
"""

STAY = f"""
workflow: sejour
version: 1
title: Séjour
kind: parcours
family: logement_foyer
include: [base, suite]
houses: [actif]
referent: agent
escalation: chef
{ROLES}
links:
  mesure:
    {{label: Mesure, workflow: mesure, opens_by: ouvrir, gives: {{menage: menage, echeance: fin_le}},
      follows: true, ends: ask}}
  aide: {{label: Aide, workflow: aide, gives: {{menage: menage}}, ends: close, closed_by: arreter}}
  soins: {{label: Lit de soins, workflow: soins, ends: close, closed_by: sortir}}
  suivi: {{label: Suivi, workflow: [mesure, aide]}}
  inconnu: {{label: Ailleurs, workflow: ailleurs}}
  boucle: {{label: Encore un séjour, workflow: sejour, opens_by: ouvrir_avec}}
states:
  orientation:
    demande: {{label: Demandé, turn: agent, sans_echeance: La maison répond quand elle peut.}}
  sejour:
    actif: {{label: Présent, turn: agent, sans_echeance: On y habite.}}
  sortie:
    parti: {{label: Parti, terminal: true}}
facts:
  menage: {{type: household, label: Ménage, personal: true}}
  fin_le: {{type: date, label: Fin prévue}}
  motif: {{label: Motif}}
actions:
  ouvrir: {{label: Ouvrir, from: start, to: demande, by: agent, form: menage, optional: fin_le}}
  ouvrir_avec: {{label: Ouvrir avec un autre, from: start, to: demande, by: agent, form: menage, opens: boucle}}
  entrer: {{label: Entrer, from: demande, to: actif, by: agent}}
  renouveler: {{label: Renouveler, from: actif, to: actif, by: agent}}
  dater: {{label: Dater la fin, in: any, by: [agent, chef], form: fin_le}}
  renommer: {{label: Nommer le ménage, in: any, by: agent, form: menage}}
  engager: {{label: Engager une mesure, in: any, by: chef, optional: fin_le, opens: mesure}}
  aider: {{label: Demander une aide, in: any, by: agent, opens: aide}}
  tout_engager: {{label: Tout engager, in: any, by: agent, opens: [mesure, aide]}}
  aller_ailleurs: {{label: Aller ailleurs, in: any, by: agent, opens: inconnu}}
  conclure:
    label: Conclure
    in: actif
    by: agent
    requires: [{{linked: mesure, in: [finie], else: Aucune mesure n'est finie.}}]
  compter:
    label: Compter les mesures
    in: any
    by: agent
    requires: [{{linked: mesure, is: open, at_most: 1, else: Trop de mesures ouvertes.}}]
  avertir:
    label: Vérifier les autres séjours
    in: any
    by: agent
    requires: [{{others: [logement_foyer], below: 1, else: Un autre séjour est en cours.}}]
  partir: {{label: Partir, from: [demande, actif], to: parti, by: agent, optional: motif}}
"""

MEASURE = f"""
workflow: mesure
version: 1
title: Mesure d'accompagnement
kind: mesure
family: accompagnement
include: [base, suite]
referent: agent
escalation: chef
{ROLES}
links:
  sejour: {{label: Séjour, workflow: sejour, reverse: mesure}}
states:
  ouverture:
    ouverte: {{label: Ouverte, turn: agent}}
  cloture:
    finie: {{label: Finie, terminal: true}}
facts:
  menage: {{type: household, label: Ménage, personal: true}}
  echeance: {{type: date, label: Échéance}}
actions:
  ouvrir:
    label: Ouvrir la mesure
    from: start
    to: ouverte
    by: chef
    form: menage
    optional: echeance
    requires: [{{fact: echeance, is: set, else: Une mesure a une date de fin.}}]
  ouvrir_autrement: {{label: Reprendre une mesure, from: start, to: ouverte, by: chef, form: menage}}
  noter: {{label: Noter l'échéance, in: ouverte, by: agent, form: echeance}}
  finir:
    label: Finir
    from: ouverte
    to: finie
    by: [agent, chef]
  verifier:
    label: Vérifier le séjour
    in: ouverte
    by: agent
    requires: [{{linked: sejour, is: open, else: Aucun séjour n'est en cours.}}]
deadlines:
  terme:
    label: Terme de la mesure
    while: ouverte
    due: {{anchor: echeance}}
    met_by: finir
    ladder: {{at: -P7D, shift: aucun}}
    basis: essai
"""

AID = f"""
workflow: aide
version: 1
title: Aide
kind: demande
include: [base, suite]
referent: agent
escalation: chef
{ROLES}
links:
  sejour: {{label: Séjour, workflow: sejour, reverse: aide}}
states:
  ouverture:
    en_cours: {{label: En cours, turn: agent, sans_echeance: L'aide dure autant que le séjour.}}
  cloture:
    arretee: {{label: Arrêtée, terminal: true}}
facts:
  menage: {{type: household, label: Ménage, personal: true}}
  bloquee: {{type: yesno, label: Paiement en cours}}
actions:
  demander: {{label: Demander, from: start, to: en_cours, by: agent, form: menage}}
  bloquer: {{label: Noter un paiement, in: en_cours, by: agent, form: bloquee}}
  arreter:
    label: Arrêter l'aide
    from: en_cours
    to: arretee
    by: [agent, systeme]
    requires:
      - {{linked: sejour, is: closed, else: Le séjour n'est pas fini.}}
      - {{any: [{{fact: bloquee, is: unset}}, {{fact: bloquee, is: false}}], else: Un paiement est en cours.}}
"""

CARE = f"""
workflow: soins
version: 1
title: Lits de soins
kind: parcours
family: soin
include: [base, suite]
houses: [alite]
escalation: chef
{ROLES}
states:
  sejour:
    attendu: {{label: Attendu, turn: agent, sans_echeance: Le lit est prêt.}}
    alite: {{label: Au lit, turn: agent, sans_echeance: Le médecin décide.}}
  sortie:
    sorti: {{label: Sorti, terminal: true}}
facts:
  personne: {{type: person, label: Personne, personal: true}}
actions:
  attendre: {{label: Attendre, from: start, to: attendu, by: agent, form: personne}}
  coucher: {{label: Coucher, from: attendu, to: alite, by: agent}}
  sortir: {{label: Sortir, from: [attendu, alite], to: sorti, by: [agent, systeme]}}
"""

PAIR = """
workflow: duo
version: 1
title: Duo
kind: demande
include: [base, suite]
escalation: chef
roles:
  staff: {agent: Agent, chef: Chef}
links:
  autre: {label: L'autre, workflow: duo, gives: {mot: mot}, follows: true, ends: close, closed_by: finir}
states:
  ouverture:
    ouvert: {label: Ouvert, turn: agent, sans_echeance: Il attend l'autre.}
  cloture:
    fini: {label: Fini, terminal: true}
facts:
  mot: {label: Mot}
actions:
  ouvrir: {label: Ouvrir, from: start, to: ouvert, by: agent, optional: mot}
  dire: {label: Dire, in: ouvert, by: agent, form: mot}
  finir: {label: Finir, from: ouvert, to: fini, by: [agent, systeme]}
"""

TEXTS = {"sejour": STAY, "mesure": MEASURE, "aide": AID, "soins": CARE, "duo": PAIR}
AMINA = {"name": "Amina K.", "persons": [{"name": "Amina K.", "born": "1988-04-02"}]}


@cache
def programme(name: str, version: int = 1, **changes: str) -> Workflow:
    """One of these workflows; `changes` replaces words of its text."""
    text = TEXTS[name].replace("version: 1", f"version: {version}")
    for before, after in changes.items():
        assert before in text
        text = text.replace(before, after)
    return loads(text, f"{name}.yaml")


def furnish(engine: Engine, *names: str) -> None:
    """Two houses: gaia (agent), chloe (chef) in the first, luc (both) in the second, ines (agent) in both."""
    for house in ("tilleuls", "lilas"):
        engine.establishments.add(house, house.title())
    for person, role, house in (
        ("gaia", "agent", "tilleuls"), ("chloe", "chef", "tilleuls"), ("luc", "agent", "lilas"),
        ("luc", "chef", "lilas"), ("ines", "agent", "tilleuls"), ("ines", "agent", "lilas"),
    ):  # fmt: skip
        engine.people.add(person, person.title(), address=f"{person}@maison.example")
        engine.people.grant(person, role, house)
    for name in names or TEXTS:
        engine.workflows.register(programme(name))


@contextmanager
def an_engine(url: Any, *names: str, on: str = MONDAY, bare: bool = False) -> Iterator[Engine]:
    """An engine over a database with these workflows, at ten o'clock of a Monday."""
    engine = Engine(Settings(database=url), clock=VirtualClock(paris(on)))
    try:
        if not bare:
            furnish(engine, *names)
        yield engine
    finally:
        engine.close()


def a_stay(engine: Engine, facts: Mapping[str, Any] | None = None, *, house: str = "tilleuls", by: str = "gaia",
           housed: bool = False) -> Case:  # fmt: skip
    """A stay asked for, or a stay of someone who lives there."""
    given = {"menage": AMINA, **(facts or {})}
    case = engine.cases.open("sejour", given, by=by, establishment=house, action="ouvrir", referent=by)
    return engine.cases.perform(case.id, "entrer", by=by) if housed else case


def refused(call: Any) -> list[tuple[str, dict[str, Any]]]:
    """The reasons of a refusal, each with its data."""
    with pytest.raises(ActionRefused) as refusal:
        call()
    return [(reason.code, dict(reason.data)) for reason in refusal.value.reasons]


def codes(call: Any) -> list[str]:
    """The codes of the reasons of a refusal."""
    return [code for code, _ in refused(call)]
