"""One process of the races: it promises beds and frees them, or acts on a case that another acts on too.

Run as a program with an order as JSON on each line of its standard input; it answers each by a line of JSON.
"""

import contextlib
import io
import json
import random
import sys
import time
from typing import Any

from support.lits import HEAD

from jalon import ActionRefused, Engine, Settings, StaleCase, StorageError
from jalon.interfaces.cli import run

PATIENCE = 200  # times that a busy database is asked again


class Runner:
    """Tries to promise and to free, through the library or the command line."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.url, self.by_command = order["url"], order["by_command"]
        self.cases, self.tries = order["cases"], order["tries"]
        self.chance = random.Random(order["seed"])
        self.engine = Engine(Settings(database=self.url, create=False))
        self.holding: set[int] = set()
        self.said: list[dict[str, Any]] = []

    def go(self) -> list[dict[str, Any]]:
        """Take all the tries."""
        for number in range(self.tries):
            free = [case for case in self.cases if case not in self.holding]
            promise = bool(free) and (not self.holding or self.chance.random() < 0.6)
            case = self.chance.choice(free if promise else sorted(self.holding))
            self._try(case, "promettre" if promise else "rendre", command=number % self.by_command == 0)
        self.engine.close()
        return self.said

    def _try(self, case: int, action: str, *, command: bool) -> None:
        began = time.time()
        code = self._by_command(case, action) if command else self._by_library(case, action)
        self.said.append({"case": case, "action": action, "code": code, "began": began, "ended": time.time()})
        if code == "done":
            (self.holding.add if action == "promettre" else self.holding.discard)(case)

    def _by_library(self, case: int, action: str) -> str:
        for _ in range(PATIENCE):
            try:
                self.engine.cases.perform(case, action, by=HEAD)
            except ActionRefused as refusal:
                return ",".join(reason.code for reason in refusal.reasons)
            except StaleCase:
                return "stale"
            except StorageError as error:
                if error.data.get("reason") != "busy":
                    raise
                continue
            return "done"
        return "busy"

    def _by_command(self, case: int, action: str) -> str:
        out, err = io.StringIO(), io.StringIO()
        words = ("perform", str(case), action, "--by", HEAD, "--database", self.url)
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = run(words)
        if code == 0:
            return "done"
        said = err.getvalue() + out.getvalue()
        return "place_none_free" if "Aucune place n’est libre" in said else f"command: {said}"


class Pair:
    """One of two people who act on the same case, each having seen it at the same revision."""

    def __init__(self, order: dict[str, Any]) -> None:
        self.engine = Engine(Settings(database=order["url"], create=False))

    def act(self, order: dict[str, Any]) -> str:
        """Take one act; give how it ended."""
        for _ in range(PATIENCE):
            try:
                self.engine.cases.perform(order["case"], order["action"], by=HEAD, revision=order["revision"])
            except StaleCase:
                return "stale"
            except StorageError as error:
                if error.data.get("reason") != "busy":
                    raise
                continue
            return "done"
        return "busy"


def main() -> None:
    pair: Pair | None = None
    for line in sys.stdin:
        order = json.loads(line)
        if "tries" in order:
            answer: Any = Runner(order).go()
        else:
            pair = pair or Pair(order)
            answer = pair.act(order)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
