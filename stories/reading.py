"""A file read as a story: every fault told at once, with its line and column, in French."""

from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path as File
from typing import Any

from ..domain.calendars import ZONES
from ..domain.civil import instant
from ..domain.errors import DefinitionError, InputError
from ..domain.workflow import Workflow
from ..workflows.load import load
from ..workflows.reader import Document, read_file
from ..workflows.report import shown
from .casting import cast, read_people
from .doing import Doing
from .expecting import Expecting
from .page import Page
from .story import ACTS_AT, PASS_AT, Given, Path, Step, Story

STORY_KEYS = ("story", "workflow", "parameters", "given", "ticks", "pass_at", "steps")
GIVEN_KEYS = ("zone", "timezone", "opens", "closes", "closures", "worked", "people", "facts", "documents")
STEP_KEYS = ("on", "case", "outage", "do", "expect")
TICKS = ("daily", "hourly", "never")
FIRST_CASE = "dossier"
MOST_YEARS = 60


class Workflows:
    """The workflows that stories name, each loaded once; `instead` takes the place of the one of its name."""

    def __init__(self, instead: Workflow | None = None) -> None:
        self._instead = instead
        self._known: dict[str, Workflow] = {}

    def find(self, name: str, folder: File) -> Workflow:
        """Load a workflow of the catalogue by its name, or from a path beside the story. Raises DefinitionError."""
        is_path = name.endswith((".yaml", ".yml")) or "/" in name
        source = str(folder / name) if is_path else name
        if self._instead is not None and self._instead.workflow == File(name).stem:
            return self._instead
        if source not in self._known:
            self._known[source] = load(source)
        found = self._known[source]
        if self._instead is not None and self._instead.workflow == found.workflow:
            return self._instead
        return found


def read_story(path: File, workflows: Workflows | None = None) -> Story:
    """Read a story. Raises DefinitionError with every fault."""
    document = read_file(path)
    page = Page(document)
    workflow = _workflow(page, document, path.parent, workflows or Workflows())
    story = None if workflow is None else _Reader(page, workflow).story(document)
    if story is None or page.report.problems:
        raise DefinitionError(page.report.problems)
    return story


def _workflow(page: Page, document: Document, folder: File, workflows: Workflows) -> Workflow | None:
    table = page.table(document.data, (), STORY_KEYS)
    name = page.wanted(table, "workflow", ())
    if name is None or page.text(name, ("workflow",)) is None:
        return None
    try:
        return workflows.find(name, folder)
    except DefinitionError as error:
        first = error.problems[0]
        where = "" if first.code in ("not_found", "file") else f" ({first.file}:{first.line}:{first.column})"
        page.fault(
            ("workflow",),
            f"le programme « {shown(name)} » n’est pas utilisable : {first.text}{where}",
            "workflow",
        )
        return None


class _Reader:
    """Reads the parts of one story."""

    def __init__(self, page: Page, workflow: Workflow) -> None:
        self._page = page
        self._workflow = workflow
        self._doing = Doing(page, workflow)
        self._expecting = Expecting(page, workflow, self._doing)

    def story(self, document: Document) -> Story:
        page, data = self._page, {key: value for key, value in document.data.items() if key in STORY_KEYS}
        held = page.wanted(data, "story", ())
        title = None if held is None else page.text(held, ("story",))
        given = self._given(data.get("given"))
        held = data.get("parameters")
        parameters = {} if held is None else self._doing.parameters(held, ("parameters",))
        ticks: Any = page.one_of(data.get("ticks", "daily"), TICKS, ("ticks",)) or "daily"
        pass_at = page.hour(data["pass_at"], ("pass_at",)) if "pass_at" in data else None
        steps = self._steps(data.get("steps"), given.timezone)
        acts = [act for step in steps for act in step.acts]
        tried = [act for step in steps for act in self._expecting.refusals(step.expected)]
        people = cast(page, self._workflow, given.people, [*acts, *tried])
        return Story(
            document, title or "", self._workflow, replace(given, people=people), parameters, ticks,
            pass_at or PASS_AT, steps,
        )  # fmt: skip

    def _given(self, value: Any) -> Given:
        if value is None:
            return Given()
        page, path = self._page, ("given",)
        table = page.table(value, path, GIVEN_KEYS)
        found: dict[str, Any] = {}
        for key, held in table.items():
            place = (*path, key)
            if key == "zone":
                found[key] = page.one_of(held, ZONES, place)
            elif key in ("opens", "closes"):
                hour = page.hour(held, place)
                found[key] = hour.strftime("%H:%M") if hour else None
            elif key == "timezone":
                found[key] = self._timezone(held, place)
            elif key in ("closures", "worked"):
                found[key] = page.days(held, place)
            elif key == "people":
                found[key] = tuple(read_people(page, self._workflow, held, place))
            elif key == "facts":
                found[key] = self._doing.facts(page.table(held, place), place)
            else:
                found[key] = self._doing.kinds(held, place)
        return Given(**{key: held for key, held in found.items() if held is not None})

    def _timezone(self, value: Any, path: Path) -> str | None:
        text = self._page.text(value, path)
        try:
            instant(date(2027, 1, 1), time(12), text or "UTC")
        except InputError:
            self._page.fault(
                path, f"fuseau inconnu « {shown(text)} » : Europe/Paris, Indian/Reunion…", "unknown_value"
            )
            return None
        return text

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
        acts = self._doing.acts(table.get("do"), (*path, "do"))
        expected = self._expecting.all(table.get("expect"), (*path, "expect"))
        case = page.text(table["case"], (*path, "case")) if "case" in table else FIRST_CASE
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
        return Step(at, moment[0], case, outage, acts, expected, path)

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
        if step.case in opened:
            return
        for act in step.acts:
            if act.kind in ("set", "closed"):
                continue
            if act.kind == "act" and act.name in self._workflow.opening:
                opened.add(step.case)
                return
            known = ", ".join(self._workflow.opening)
            self._page.fault(
                act.path, f"ce dossier n’est pas encore ouvert ; actes qui ouvrent : {known}", "not_open"
            )
            opened.add(step.case)
            return
        wanting = [one for one in step.expected if one.key != "refused"]
        if wanting:
            self._page.fault(wanting[0].path, "ce dossier n’est pas encore ouvert", "not_open", key=True)
            opened.add(step.case)
