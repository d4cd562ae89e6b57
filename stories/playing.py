"""A story played: the clock passes with its passes, acts are done, and the first difference ends it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..domain.errors import ActionRefused, JalonError, NotFound, Reason
from ..domain.workflow import Workflow
from ..engine import Engine
from .beside import Beside
from .casting import doer
from .comparing import Gap, Told, compared
from .doing import OF_THE_HOUSE
from .filling import filled
from .looking import Look
from .passing import Passing
from .programmes import UNDER
from .sandbox import HOUSE, Sandbox
from .story import Act, Expected, Step, Story
from .telling import Difference, Words, same_words, shown


@dataclass(frozen=True, slots=True)
class Refusal:
    """An act of a workflow that was tried and refused, and why."""

    workflow: str
    action: str
    reasons: Sequence[Reason]


@dataclass(slots=True)
class Played:
    """How a story ended: its first difference if there is one, and each refusal of an act that was met."""

    difference: Difference | None = None
    cases: dict[str, int] = field(default_factory=dict)
    refusals: list[Refusal] = field(default_factory=list)


class _Stopped(Exception):
    """The story has met its first difference."""

    def __init__(self, gap: Gap) -> None:
        self.gap = gap


def play(sandbox: Sandbox, story: Story, words: Words, changed: Workflow | None = None) -> Played:
    """Play a story up to its first difference; a workflow that is `changed` takes the place of the one of its name."""
    player = _Player(sandbox, story if changed is None else story.on(changed), words)
    player.play()
    return player.played


class _Player:
    def __init__(self, sandbox: Sandbox, story: Story, words: Words) -> None:
        self.played = Played()
        self._sandbox = sandbox
        self._story = story
        self._words = words
        self._passing = Passing(sandbox, story)
        self._beside = Beside(sandbox.engine, story, self.played.cases)
        self._told: dict[str, Told] = {}

    @property
    def _engine(self) -> Engine:
        return self._sandbox.engine

    def play(self) -> None:
        step = self._story.steps[0]
        try:
            self._sandbox.begin(self._story)
            for step in self._story.steps:
                self._passing.to(step)
                self._take(step)
        except _Stopped as stopped:
            self.played.difference = self._difference(step, stopped.gap)
        except JalonError as error:
            gap = Gap(step.path, "jalon", "rien d’inattendu", "; ".join(self._words.error(error)))
            self.played.difference = self._difference(step, gap)

    def _difference(self, step: Step, gap: Gap) -> Difference:
        document = self._story.document
        line, column = document.where(gap.path)
        return Difference(
            document.file, line, column, step.day, gap.about, gap.expected, gap.found, gap.hints
        )

    # -- acts

    def _take(self, step: Step) -> None:
        for act in step.acts:
            self._do(step, act)
        look = self._look(step)
        for expected in step.expected:
            gap = self._judge(step, expected, look)
            if gap is not None:
                raise _Stopped(gap)

    def _look(self, step: Step) -> Look | None:
        case = self._beside.case(step.case)
        zone = self._story.given.timezone
        return None if case is None else Look(self._engine, case, self._workflow(step), zone)

    def _workflow(self, step: Step) -> Workflow:
        return self._story.workflows[step.workflow]

    def _do(self, step: Step, act: Act) -> None:
        try:
            self._perform(step, act)
        except ActionRefused as refusal:
            hints = tuple(self._words.reason(reason) for reason in refusal.reasons)
            raise _Stopped(Gap(act.path, act.name, "l’acte est fait", "refusé", hints)) from refusal
        except JalonError as error:
            found = " ; ".join(self._words.error(error))
            raise _Stopped(Gap(act.path, act.name, "l’acte est fait", found)) from error

    def _perform(self, step: Step, act: Act) -> None:
        case = self._beside.case(step.case)
        if act.kind == "act":
            self._act(step, act, case)
            return
        if case is None and act.kind not in OF_THE_HOUSE:
            raise _Stopped(_not_open(step))
        self._beside.do(act, case or 0, self._workflow(step))
        if act.kind in OF_THE_HOUSE:
            self._passing.stirred = True

    def _act(self, step: Step, act: Act, case: int | None) -> None:
        facts, by = self._form(step, act)
        workflow = self._workflow(step)
        if case is not None:
            self._engine.cases.perform(case, act.name, facts, by=by, on=act.on)
            return
        if UNDER in step.case:
            raise _Stopped(_not_open(step))
        opened = self._engine.cases.open(
            workflow.workflow, facts, by=by, establishment=HOUSE, on=act.on, action=act.name,
            version=workflow.version,
        )  # fmt: skip
        self.played.cases[step.case] = opened.id
        for kind in self._story.given.documents:
            if kind in workflow.documents:
                self._engine.cases.document(opened.id, kind, by=self._beside.staff(workflow))

    def _form(self, step: Step, act: Act) -> tuple[dict[str, Any], str]:
        """Give the facts with which an act is done, those that the story leaves out filled in, and by whom."""
        workflow = self._workflow(step)
        rule, by = workflow.actions[act.name], act.by or doer(workflow, self._story.given.people, act.name)
        asked = (*rule.form, *rule.optional)
        given = {name: value for name, value in self._story.given.facts.items() if name in asked}
        given.update(act.facts)
        number = self._number(step.case)
        facts = filled(
            workflow, rule, given, day=act.on or step.day, by=by, number=number,
            place=lambda: self._beside.place(workflow, number),
        )  # fmt: skip
        return facts, by

    def _number(self, case: str) -> int:
        """Give the rank of a case among those opened by the story; a linked one has that of its holder."""
        head = case.partition(UNDER)[0]
        known = list(self.played.cases)
        return known.index(head) + 1 if head in known else len(known) + 1

    # -- expectations

    def _judge(self, step: Step, expected: Expected, look: Look | None) -> Gap | None:
        if expected.key in ("refused", "allowed"):
            return self._tried(step, expected)
        if expected.key == "occupancy":
            return self._beside.occupancy(expected)
        if look is None:
            return _not_open(step)
        told = self._told.setdefault(step.case, Told())
        gap = compared(expected, look, told, self._words)
        if expected.key == "history":
            told.seq = look.case.seq
        elif expected.key == "all_sent":
            told.sent = self._sandbox.clock.now()
        return gap

    def _tried(self, step: Step, expected: Expected) -> Gap | None:
        for act, wanted in expected.value:
            reasons = self._refusal(step, act)
            gap = (
                _possible(act, reasons, self._words)
                if expected.key == "allowed"
                else _refused(act, wanted, reasons, self._words)
            )
            if gap is not None:
                return gap
        return None

    def _refusal(self, step: Step, act: Act) -> Sequence[Reason] | None:
        """Try an act, every effect of which is undone; give the reasons for which it is refused."""
        case = self._beside.case(step.case)
        try:
            if case is None:
                self._perform(step, act)
            else:
                facts, by = self._form(step, act)
                self._engine.cases.preview(case, act.name, facts, by=by, on=act.on)
        except ActionRefused as refusal:
            self.played.refusals.append(Refusal(step.workflow, act.name, refusal.reasons))
            return refusal.reasons
        except NotFound as unseen:
            if unseen.data["kind"] != "case":
                raise
            # the case is there: who holds no role in the house is told of none
            return [Reason("role", {"actor": act.by})]
        return None


def _not_open(step: Step) -> Gap:
    return Gap(step.path, "case", f"le dossier « {step.case} » est ouvert", "il ne l’est pas")


def _refused(act: Act, wanted: tuple[str, ...], reasons: Sequence[Reason] | None, words: Words) -> Gap | None:
    """Compare the reasons of a refusal with those said, by sentence or by code; with none said, any will do."""
    about = f"refused › {act.name}"
    if reasons is None:
        return Gap(act.path, about, shown(wanted) if wanted else "un refus", "l’acte est possible")
    left = [(same_words(words.reason(reason)), reason.code) for reason in reasons]
    for sentence in wanted:
        said = same_words(sentence)
        known = next((one for one in left if said in one), None)
        if known is None:
            return Gap(act.path, about, sentence, _sentences(reasons, words))
        left.remove(known)
    if wanted and left:
        return Gap(act.path, about, shown(wanted), _sentences(reasons, words))
    return None


def _possible(act: Act, reasons: Sequence[Reason] | None, words: Words) -> Gap | None:
    if reasons is None:
        return None
    return Gap(act.path, f"allowed › {act.name}", "l’acte est possible", _sentences(reasons, words))


def _sentences(reasons: Sequence[Reason], words: Words) -> str:
    return " / ".join(words.reason(reason) for reason in reasons)
