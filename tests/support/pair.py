"""Two little workflows, a stay with a bed and a measure that it opens, and stories of both written in a test."""

from pathlib import Path

from jalon import Difference, Outcome, play_stories
from jalon.interfaces.words import reason_words

STAY = """
workflow: sejour
version: 1
title: Un séjour
kind: parcours
houses: present
referent: agent
escalation: chef
roles:
  staff: {agent: Agent, chef: Chef}
  household: {personne_accueillie: Personne accueillie}
states:
  sejour:  {present: {label: Présent, turn: agent, sans_echeance: Aucune durée n'est fixée.}}
  sortie:  {parti: {label: Parti, terminal: true}}
facts:
  personne: {type: person, label: Personne, personal: true}
  lit:      {type: place, label: Lit}
  projet:   {label: Projet}
place: {kind: lit, fact: lit}
links:
  mesure: {label: Mesure, workflow: mesure, gives: {personne: personne, projet: projet}, follows: true}
actions:
  entrer:  {label: Entrer, from: start, to: present, by: agent, form: [personne, lit], place: occupy}
  engager: {label: Engager une mesure, in: present, by: agent, form: projet, opens: mesure}
  absenter: {label: Noter une absence, in: present, by: agent, place: keep}
  sortir:
    label: Sortir
    from: present
    to: parti
    by: agent
    requires:
      - {linked: mesure, is: closed, warn: Aucune mesure n'est terminée.}
    place: free
"""

MEASURE = """
workflow: mesure
version: 1
title: Une mesure
kind: mesure
escalation: educatrice
roles:
  staff: {educatrice: Éducatrice}
states:
  ouverture: {ouverte: {label: Ouverte, turn: educatrice}}
  cloture:   {finie: {label: Finie, terminal: true}}
facts:
  personne: {type: person, label: Personne, personal: true}
  projet:   {label: Projet}
  bilan:    {label: Bilan}
actions:
  ouvrir: {label: Ouvrir, from: start, to: ouverte, by: educatrice, optional: [personne, projet]}
  finir:
    label: Finir
    from: ouverte
    to: finie
    by: educatrice
    form: bilan
    requires:
      - {fact: projet, is: set, else: Cette mesure n'a pas de projet.}
deadlines:
  fin: {label: Fin de la mesure, while: ouverte, due: {after: P3M*}, met_by: finir, ladder: {at: P1D, notify: alerte}}
notices:
  alerte: {to: educatrice}
""".replace("alerte", "rappel_echeance")

HEAD = """story: Un séjour et sa mesure
workflow: sejour.yaml
given:
  places:
    - {name: Lit 1, kind: lit, unit: rez}
    - {name: Lit 2, kind: lit, unit: étage}
steps:
"""

# A Monday; three months later, a Monday too.
STORY = (
    HEAD
    + """  - on: 2027-09-06
    do: [entrer, {engager: {projet: Un logement}}]
    expect:
      state: present
      place: {Lit 1: occupee}
      occupancy: {libre: 1, occupee: 1, rez: {libre: 0}, étage: {libre: 1}, lit: {occupee: 1}}
      linked: {mesure: ouverte}
  - on: 2027-09-07
    case: dossier/mesure
    expect:
      state: ouverte
      due: {fin: 2027-12-06}
      facts: {projet: Un logement}
  - on: 2027-12-06
    case: dossier/mesure
    do: finir
    expect: {state: finie}
  - on: 2027-12-07
    do: sortir
    expect: {warned: aucune, place: aucune, occupancy: {libre: 2}}
"""
)


def write(folder: Path, story: str = STORY, *, name: str = "recit.yaml", measure: str = MEASURE) -> Path:
    """Write a story beside its two workflows."""
    (folder / "sejour.yaml").write_text(STAY, "utf-8")
    (folder / "mesure.yaml").write_text(measure, "utf-8")
    path = folder / name
    path.write_text(story, "utf-8")
    return path


def played(folder: Path, story: str = STORY) -> Outcome:
    """Play one story."""
    (outcome,) = play_stories(write(folder, story), say=reason_words)
    return outcome


def difference(folder: Path, story: str) -> Difference | None:
    """Give the first difference of a story, if it has one."""
    return played(folder, story).difference
