"""A transition that takes a bed, beside one that does not: the same case, the same dates, the same message."""

import statistics
import time

from houses import AGENT, HOUSE, Bench
from measure import Figure, duration

from jalon import loads

UNITS, CASES, ROUNDS = 20, 60, 2
HELD = 16  # beds that others hold meanwhile
TEXT = """
workflow: lits
version: 1
title: Lits de mesure
kind: demande
family: soin
referent: agent
roles: {staff: {agent: Agent}}
states:
  en_cours:
    ici: {label: Ici, turn: agent}
    la: {label: Là, turn: agent}
  cloture: {clos: {label: Clos, terminal: true}}
facts:
  genre: {type: choice, label: Genre, choices: {femme: Femme, homme: Homme}}
  lit: {type: place, label: Lit}
place:
  kind: lit
  fact: lit
  fits: {fact: genre, shared: same, else: Une autre personne y est.}
notices:
  rappel_echeance: {to: who}
actions:
  ouvrir:   {label: Ouvrir, from: start, to: ici, by: agent, form: genre}
  prendre:  {label: Prendre, from: ici, to: la, by: agent, place: occupy, notify: rappel_echeance}
  rendre:   {label: Rendre, from: la, to: ici, by: agent, place: free, notify: rappel_echeance}
  avancer:  {label: Avancer, from: ici, to: la, by: agent, notify: rappel_echeance}
  reculer:  {label: Reculer, from: la, to: ici, by: agent, notify: rappel_echeance}
  clore:    {label: Clore, from: ici, to: clos, by: agent, place: free}
deadlines:
  reste: {label: Rester, while: ici, due: {after: P28D}, ladder: {at: [-P7D, P0D]}, basis: mesure}
  depart: {label: Partir, while: la, due: {after: P35D}, ladder: {at: [-P7D, P0D]}, basis: mesure}
"""


def measure(bench: Bench, at_most: float) -> Figure:
    """Take a bed and give it back, go and come back; only the first act of each is timed."""
    bench.engine.workflows.register(loads(TEXT))
    _list_beds(bench)
    for number in range(HELD):
        (case,) = bench.open("lits", {"genre": ("femme", "homme")[number % 2]}, 1)
        bench.engine.cases.perform(case, "prendre", by=AGENT)
    cases = [bench.open("lits", {"genre": "femme"}, 1)[0] for _ in range(CASES)]
    bench.settle()
    taking, going = _in_turns(bench, cases)
    if bench.engine.verify().faults:
        raise RuntimeError("the histories are not those that jalon writes")
    return duration(f"a transition that takes a bed, {bench.name}", (taking, going), at_most)


def _list_beds(bench: Bench) -> None:
    """List 34 beds over 20 units: 14 double rooms and 6 single ones."""
    for unit in range(1, UNITS + 1):
        for bed in ("A", "B")[: 2 if unit <= 14 else 1]:
            bench.engine.places.add(
                HOUSE, f"Lit {unit}{bed}", kind="lit", unit=f"Unité {unit}", room="Chambre"
            )


def _in_turns(bench: Bench, cases: list[int]) -> tuple[float, float]:
    """Give the median seconds of each; the first round warms up and is not counted."""
    spent: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS + 1):
        for case in cases:
            for kept, acts in zip(spent, (("prendre", "rendre"), ("avancer", "reculer")), strict=True):
                first, _ = (_timed(bench, case, act) for act in acts)
                if turn:
                    kept.append(first)
    return statistics.median(spent[0]), statistics.median(spent[1])


def _timed(bench: Bench, case: int, act: str) -> float:
    begun = time.perf_counter()
    bench.engine.cases.perform(case, act, by=AGENT)
    return time.perf_counter() - begun
