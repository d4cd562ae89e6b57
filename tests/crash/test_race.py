"""Eight processes promise beds and free them, as fast as they can, through the library and the command line.

Read back from the histories: never two in one bed, never a woman and a man in the double room; and nobody was refused
for want of a place while a bed that suited them was free all along. JALON_RACE_TRIES says how many tries each process
takes: 300 for the full figures, 100 unless said.
"""

import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from support import racing
from support.lits import ALONE, DOUBLE, HOUSE, asked, furnish

from jalon import Engine, Settings

PROCESSES, CASES = 8, 2
TRIES = int(os.environ.get("JALON_RACE_TRIES", "100"))
BY_COMMAND = 12  # one try in so many is typed on the command line
FOREVER = float("inf")


@dataclass(frozen=True)
class Hold:
    """A bed that a case held: from some instant of one try to some instant of another."""

    case: int
    genre: str
    bed: str
    taken: tuple[float, float]
    freed: tuple[float, float]

    @property
    def surely(self) -> tuple[float, float]:
        """When it was held whatever the instants were."""
        return self.taken[1], self.freed[0]

    @property
    def perhaps(self) -> tuple[float, float]:
        """Outside of which it was not held."""
        return self.taken[0], self.freed[1]


def _meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return max(one[0], other[0]) < min(one[1], other[1])


def race(url: str, genres: dict[int, str]) -> list[dict[str, Any]]:
    """Let the processes run, each on its own cases; give all the tries, in the order of each process."""
    cases = sorted(genres)
    runners = [
        subprocess.Popen(
            [sys.executable, racing.__file__],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=_environment(),
        )
        for _ in range(PROCESSES)
    ]  # fmt: skip
    for number, runner in enumerate(runners):
        mine = cases[number * CASES : (number + 1) * CASES]
        order = {"url": url, "cases": mine, "tries": TRIES, "seed": number, "by_command": BY_COMMAND}
        assert runner.stdin is not None
        runner.stdin.write(json.dumps(order) + "\n")
        runner.stdin.close()
    tries: list[dict[str, Any]] = []
    for runner in runners:
        assert runner.stdout is not None
        tries += json.loads(runner.stdout.readline())
        assert runner.wait(30) == 0
        runner.stdout.close()
    return tries


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(Path(racing.__file__).parents[1])}


def holds(engine: Engine, tries: Sequence[dict[str, Any]], genres: dict[int, str]) -> Iterator[Hold]:
    """Read from the histories who held which bed, each act told by the try that took it."""
    for case, genre in genres.items():
        done = [one for one in tries if one["case"] == case and one["code"] == "done"]
        acts = [event for event in engine.cases.history(case) if event.action in ("promettre", "rendre")]
        assert [event.action for event in acts] == [one["action"] for one in done]
        told = [(event, (one["began"], one["ended"])) for event, one in zip(acts, done, strict=True)]
        for number, (event, taken) in enumerate(told):
            if event.action == "promettre":
                freed = told[number + 1][1] if number + 1 < len(told) else (FOREVER, FOREVER)
                yield Hold(case, genre, event.facts["lit"], taken, freed)


def over(found: Sequence[Hold]) -> list[tuple[Hold, Hold]]:
    """Find two in one bed, or a woman and a man in the double room."""
    wrong = []
    for number, one in enumerate(found):
        for other in found[number + 1 :]:
            same_room = one.bed in DOUBLE and other.bed in DOUBLE and one.genre != other.genre
            if (one.bed == other.bed or same_room) and _meet(one.surely, other.surely):
                wrong.append((one, other))
    return wrong


def refused_in_vain(
    tries: Sequence[dict[str, Any]], found: Sequence[Hold], genres: dict[int, str]
) -> list[dict[str, Any]]:
    """Find who was refused while a bed that suited them was free from before the try to after it."""
    beds = {bed: [one for one in found if one.bed == bed] for bed in (*ALONE, *DOUBLE)}
    return [
        one for one in tries
        if one["code"] == "place_none_free"
        and any(_free_for(bed, genres[one["case"]], (one["began"], one["ended"]), beds) for bed in beds)
    ]  # fmt: skip


def _free_for(bed: str, genre: str, when: tuple[float, float], beds: dict[str, list[Hold]]) -> bool:
    if any(_meet(one.perhaps, when) for one in beds[bed]):
        return False
    room = DOUBLE if bed in DOUBLE else ()
    return not any(one.genre != genre and _meet(one.perhaps, when) for mate in room for one in beds[mate])


def test_eight_processes_never_put_two_in_one_bed_nor_refuse_one_that_is_free(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = Engine(Settings(database=database_url))
    furnish(engine)
    genres = {}
    for number in range(PROCESSES * CASES):
        genre = ("femme", "homme")[number % 2]
        genres[asked(engine, genre).id] = genre
    tries = race(database_url, genres)
    codes = Counter(one["code"] for one in tries)
    assert len(tries) == PROCESSES * TRIES
    assert set(codes) == {"done", "place_none_free"}
    found = list(holds(engine, tries, genres))
    assert over(found) == []
    assert refused_in_vain(tries, found, genres) == []
    held = {one.name: one.case_id for one in engine.places.occupancy(HOUSE).places if one.case_id is not None}
    assert held == {one.bed: one.case for one in found if one.freed[1] == FOREVER}
    assert engine.verify().faults == ()
    engine.close()
    with capsys.disabled():
        lasted = max(one["ended"] for one in tries) - min(one["began"] for one in tries)
        told = (
            f"{len(tries)} tries, {codes['done']} done, {codes['place_none_free']} refused, in {lasted:.1f} s"
        )
        sys.stdout.write(f"\nrace, {database_url.partition(':')[0]}: {told}\n")


def test_the_reading_of_the_race_sees_what_it_looks_for() -> None:
    """Two in a bed, a mixed room and a refusal in vain are found where they are."""
    one = Hold(1, "femme", "Lit 1", (0, 1), (5, 6))
    assert over([one, Hold(2, "homme", "Lit 1", (2, 3), (8, 9))]) != []
    assert over([one, Hold(2, "homme", "Lit 1", (5.5, 7), (8, 9))]) == []
    woman, man = Hold(1, "femme", "Lit 5", (0, 1), (5, 6)), Hold(2, "homme", "Lit 6", (2, 3), (8, 9))
    assert over([woman, man]) == [(woman, man)]
    refusal = {"case": 3, "code": "place_none_free", "began": 2, "ended": 3}
    full = [Hold(9, "femme", bed, (0, 1), (5, 6)) for bed in (*ALONE, *DOUBLE)]
    assert refused_in_vain([refusal], full, {3: "femme"}) == []
    assert refused_in_vain([refusal], full[:-1], {3: "femme"}) == [refusal]
    assert refused_in_vain([refusal], full[:-1], {3: "homme"}) == []
    assert refused_in_vain([{**refusal, "began": 4, "ended": 7}], full, {3: "femme"}) == []
