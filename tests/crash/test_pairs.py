"""Two people act on one case that both have seen: one wins, the other is told that it has changed; a thousand times."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from support import racing
from support.lits import asked, furnish

from jalon import Engine, Settings

PAIRS = int(os.environ.get("JALON_RACE_PAIRS", "1000"))
CASES, BEDS = 20, 6  # the histories stay short; the first six take beds and give them back


def _people() -> list[subprocess.Popen[str]]:
    environment = {**os.environ, "PYTHONPATH": str(Path(racing.__file__).parents[1])}
    return [
        subprocess.Popen(
            [sys.executable, racing.__file__],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
        )
        for _ in range(2)
    ]  # fmt: skip


def test_of_two_people_on_one_case_one_wins_and_the_other_is_told(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = Engine(Settings(database=database_url))
    furnish(engine)
    cases = [asked(engine) for _ in range(CASES)]
    revisions, people, wins = {case.id: case.revision for case in cases}, _people(), Counter[int]()
    for number in range(PAIRS):
        case = cases[number % CASES].id
        action = "decrire"
        if number % CASES < BEDS:
            action = "promettre" if revisions[case] % 2 else "rendre"
        order = {"url": database_url, "case": case, "action": action, "revision": revisions[case]}
        for person in people:
            assert person.stdin is not None
            person.stdin.write(json.dumps(order) + "\n")
            person.stdin.flush()
        answers = [json.loads(person.stdout.readline()) for person in people if person.stdout is not None]
        assert sorted(answers) == ["done", "stale"], order
        wins[answers.index("done")] += 1
        revisions[case] += 1
    for person in people:
        person.communicate(timeout=30)
    assert wins.total() == PAIRS
    for case in cases:
        acts = [event for event in engine.cases.history(case.id) if event.kind == "act"]
        assert len(acts) == revisions[case.id] == engine.cases.get(case.id).revision
    assert engine.verify().faults == ()
    engine.close()
    with capsys.disabled():
        sys.stdout.write(
            f"\npairs, {database_url.partition(':')[0]}: {PAIRS}, won by {wins[0]} and {wins[1]}\n"
        )
