"""A file read as a story: every fault told at once, with its line and column, in French."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path as File
from typing import Any

from ..domain.civil import instant
from ..domain.errors import DefinitionError
from ..domain.workflow import Workflow
from ..workflows.reader import Document, read_file
from .casting import cast
from .doing import OF_THE_HOUSE, Doing
from .expecting import Expecting, refusals
from .giving import Giving
from .page import Page
from .programmes import UNDER, Programmes, Workflows, read_programmes
from .story import ACTS_AT, PASS_AT, Act, Path, Step, Story

STORY_KEYS = ("story", "workflow", "cases", "parameters", "given", "ticks", "pass_at", "steps")
STEP_KEYS = ("on", "case", "outage", "do", "expect")
TICKS = ("daily", "hourly", "never")
FIRST_CASE = "dossier"
MOST_YEARS = 60


def read_story(path: File, workflows: Workflows | None = None) -> Story:
    """Read a story. Raises DefinitionError with every fault."""
    document = read_file(path)
    page = Page(document)
    table = page.table(document.data, (), STORY_KEYS)
    programmes = read_programmes(page, table, path.parent, workflows or Workflows())
    story = None if programmes is None else _Reader(page, programmes).story(document)
    if story is None or page.report.problems:
        raise DefinitionError(page.report.problems)
    return story


class _Reader:
    """Reads the parts of one story."""

    def __init__(self, page: Page, programmes: Programmes) -> None:
        self._page = page
        self._programmes = programmes
        self._given = Giving(page, programmes)
        self._doing = {name: Doing(page, workflow) for name, workflow in programmes.all.items()}
        self._expecting = {
            name: Expecting(page, workflow, self._doing[name]) for name, workflow in programmes.all.items()
        }

    def story(self, document: Document) -> Story:
        page, data = self._page, {key: value for key, value in document.data.items() if key in STORY_KEYS}
        held = page.wanted(data, "story", ())
        title = None if held is None else page.text(held, ("story",))
        given = self._given.read(data.get("given"))
        parameters = self._given.parameters(data.get("parameters"))
        ticks: Any = page.one_of(data.get("ticks", "daily"), TICKS, ("ticks",)) or "daily"
        pass_at = page.hour(data["pass_at"], ("pass_at",)) if "pass_at" in data else None
        steps = self._steps(data.get("steps"), given.timezone)
        people = cast(page, self._programmes.all.values(), given.people, self._acts(steps))
        return Story(
            document, title or "", self._programmes.main, self._programmes.all, replace(given, people=people),
            parameters, ticks, pass_at or PASS_AT, steps,
        )  # fmt: skip

    def _acts(self, steps: Iterable[Step]) -> list[tuple[Workflow, Act]]:
        """Give every act done, then every act tried, each with its workflow."""
        done, tried = [], []
        for step in steps:
            workflow = self._programmes.all[step.workflow]
            done += [(workflow, act) for act in step.acts]
            tried += [(workflow, act) for act in refusals(step.expected)]
        return [*done, *tried]

    # -- steps

    def _steps(self, value: Any, zone: str) -> tuple[Step, ...]:
        if not isinstance(value, list) or not value:
            self._page.fault(
                ("steps",) if value is not None else (), "il manque des étapes (steps: une liste)", "empty"
            )
            return ()
        found: list[Step] = []
        opened: set[str] = set()
        for index, item in enumerate(value):
            step = self._step(item, ("steps", index), found[-1] if found else None, zone)
            if step is not None:
                if len(step.acts) < len(self._page.items(item.get("do"), ())):
                    opened.add(step.case)  # an act that cannot be read is told, and may be the one that opens
                self._check_opening(step, opened)
                found.append(step)
        return tuple(found)

    def _step(self, item: Any, path: Path, before: Step | None, zone: str) -> Step | None:
        page = self._page
        table = page.table(item, path, STEP_KEYS)
        if not table:
            return None
        case = page.text(table["case"], (*path, "case")) if "case" in table else FIRST_CASE
        workflow = self._workflow_of(case, (*path, "case"))
        acts = self._doing[workflow].acts(table.get("do"), (*path, "do"))
        expected = self._expecting[workflow].all(table.get("expect"), (*path, "expect"))
        outage = page.yes(table["outage"], (*path, "outage")) if "outage" in table else False
        held = page.wanted(table, "on", path)
        moment = page.moment(held, (*path, "on")) if held is not None else None
        if moment is None or case is None:
            return None
        at = self._instant(moment, before, zone)
        if before is not None and at < before.at:
            page.fault((*path, "on"), f"cette étape est avant la précédente ({before.day})", "order")
            return None
        if before is not None and (moment[0] - before.day).days > 366 * MOST_YEARS:
            page.fault((*path, "on"), f"plus de {MOST_YEARS} ans après l’étape précédente", "order")
            return None
        return Step(at, moment[0], case, workflow, outage, acts, expected, path)

    def _workflow_of(self, case: str | None, path: Path) -> str:
        """Name the workflow of a case; a role under which nothing is linked is told, and the main one given."""
        found = self._programmes.main if case is None else self._programmes.of(case)
        if found is None:
            head, _, role = str(case).rpartition(UNDER)
            holder = self._programmes.of(head) or self._programmes.main
            self._page.name("lien", role, holder.links, path)
        return (found or self._programmes.main).workflow

    @staticmethod
    def _instant(moment: tuple[date, time | None], before: Step | None, zone: str) -> datetime:
        """Give the instant of a step: at ten where no hour is said, or as late as the step before on the same day."""
        day, hour = moment
        at = instant(day, hour or ACTS_AT, zone)
        if hour is None and before is not None and before.day == day:
            return max(at, before.at)
        return at

    def _check_opening(self, step: Step, opened: set[str]) -> None:
        """Before anything else, a case is opened by an act that opens one."""
        if step.case in opened or UNDER in step.case:  # a linked case is opened by an act of its holder
            return
        opening = self._programmes.all[step.workflow].opening
        for act in step.acts:
            if act.kind in OF_THE_HOUSE:
                continue
            if act.kind == "act" and act.name in opening:
                opened.add(step.case)
                return
            known = ", ".join(opening)
            self._page.fault(
                act.path, f"ce dossier n’est pas encore ouvert ; actes qui ouvrent : {known}", "not_open"
            )
            opened.add(step.case)
            return
        wanting = [one for one in step.expected if one.key not in ("refused", "occupancy")]
        if wanting:
            self._page.fault(wanting[0].path, "ce dossier n’est pas encore ouvert", "not_open", key=True)
            opened.add(step.case)
