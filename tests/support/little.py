"""A workflow small enough to know by heart, and stories of it written in a test."""

from pathlib import Path

from jalon import Difference, Outcome, play_stories
from jalon.interfaces.words import error_words, reason_words
from jalon.stories.reading import read_story
from jalon.stories.telling import Words

WORDS = Words(reason_words, error_words)

WORKFLOW = """
workflow: demande
version: 1
title: Une demande
kind: demande
referent: agent
escalation: chef
roles:
  staff: {agent: Agent, chef: Chef}
  household: {demandeur: Demandeur}
states:
  en_cours: {recue: {label: Reçue, turn: agent}}
  cloture:  {close: {label: Close, terminal: true}}
facts:
  menage: {type: household, label: Ménage}
  motif:  {label: Motif, missing: Il faut un motif.}
  montant: {type: number, label: Montant}
notices:
  rappel_echeance: {to: who}
tasks:
  rappeler: {label: Rappeler, who: agent, due: P2D, closed_by: clore}
actions:
  ouvrir: {label: Ouvrir, from: start, to: recue, by: agent, form: menage}
  noter:  {label: Noter, in: recue, by: agent, form: montant, task: rappeler}
  clore:
    label: Clore
    from: recue
    to: close
    by: [agent, chef]
    form: motif
    requires:
      - {fact: montant, at_least: 10, else: Le montant est trop petit.}
deadlines:
  reponse:
    label: Répondre
    while: recue
    due: {after: P10D, shift: suivant}
    met_by: clore
    ladder: {at: -P2D, notify: rappel_echeance}
    basis: essai
"""

# Monday 6 September 2027; ten days later a Thursday; two days before, a Tuesday.
STORY = """story: Une demande répondue
workflow: demande.yaml
steps:
  - on: 2027-09-06
    do: ouvrir
    expect:
      state: recue
      due: {reponse: 2027-09-16}
  - on: 2027-09-15
    do:
      - noter: {montant: 12}
      - clore: {by: agent}
    expect:
      state: close
      closed: {reponse: met}
      sent: {rappel_echeance: {2027-09-14: agent}}
"""


def write(folder: Path, story: str = STORY, *, workflow: str = WORKFLOW, name: str = "recit.yaml") -> Path:
    """Write a story beside its workflow."""
    (folder / "demande.yaml").write_text(workflow, "utf-8")
    path = folder / name
    path.write_text(story, "utf-8")
    return path


def played(folder: Path, story: str = STORY, **more: str) -> Outcome:
    """Play one story."""
    (outcome,) = play_stories(write(folder, story, **more), say=reason_words)
    return outcome


def difference(folder: Path, story: str, **more: str) -> Difference:
    """Give the first difference of a story that fails."""
    found = played(folder, story, **more).difference
    assert found is not None
    return found


def faults(folder: Path, story: str) -> list[tuple[int, int, str]]:
    """Give every fault of a story that cannot be read: line, column, sentence."""
    from jalon import DefinitionError

    try:
        read_story(write(folder, story))
    except DefinitionError as error:
        return [(problem.line, problem.column, problem.text) for problem in error.problems]
    return []
