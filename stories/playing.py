"""A story played: the clock passes with its passes, acts are done, and the first difference ends it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ..domain.errors import ActionRefused, JalonError, Reason
from ..domain.workflow import Workflow
from ..engine import Engine
from .casting import doer, staff_roles
from .comparing import Gap, Told, compared
from .filling import filled
from .looking import Look
from .passing import Passing
from .sandbox import HOUSE, Sandbox
from .story import Act, Expected, Step, Story
from .telling import Difference, Words, same_words, shown


@dataclass(slots=True)
class Played:
    """How a story ended: its first difference if there is one, and each refusal of an act that was met."""

    difference: Difference | None = None
    cases: dict[str, int] = field(default_factory=dict)
    refusals: list[tuple[str, Sequence[Reason]]] = field(default_factory=list)


class _Stopped(Exception):
    """The story has met its first difference."""

    def __init__(self, gap: Gap) -> None:
        self.gap = gap


def play(sandbox: Sandbox, story: Story, words: Words, workflow: Workflow | None = None) -> Played:
    """Play a story, on its workflow unless another is given, up to its first difference."""
    player = _Player(sandbox, story, words, workflow or story.workflow)
    player.play()
    return player.played


class _Player:
    def __init__(self, sandbox: Sandbox, story: Story, words: Words, workflow: Workflow) -> None:
        self.played = Played()
        self._sandbox = sandbox
        self._story = story
        self._words = words
        self._workflow = workflow
        self._passing = Passing(sandbox, story)
        self._told: dict[str, Told] = {}

    @property
    def _engine(self) -> Engine:
        return self._sandbox.engine

    def play(self) -> None:
        step = self._story.steps[0]
        try:
            self._sandbox.begin(self._story, self._workflow)
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
        case = self.played.cases.get(step.case)
        return None if case is None else Look(self._engine, case, self._workflow, self._story.given.timezone)

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
        engine, case = self._engine, self.played.cases.get(step.case)
        if act.kind == "act":
            self._act(step, act, case)
        elif act.kind == "set":
            for name, value in act.more["parameters"].items():
                engine.establishments.set_parameter(HOUSE, self._workflow.workflow, name, value)
            self._passing.stirred = True
        elif act.kind == "closed":
            house = engine.establishments.get(HOUSE)
            engine.establishments.add(
                HOUSE, house.name, zone=house.zone, timezone=house.timezone, opens=house.opens, closes=house.closes,
                closures=house.closures | set(act.more["days"]), extra_days=house.extra_days,
            )  # fmt: skip
            self._passing.stirred = True
        elif case is not None:
            self._beside(act, case)

    def _act(self, step: Step, act: Act, case: int | None) -> None:
        facts, by = self._form(step, act)
        if case is not None:
            self._engine.cases.perform(case, act.name, facts, by=by, on=act.on)
            return
        opened = self._engine.cases.open(
            self._workflow.workflow, facts, by=by, establishment=HOUSE, on=act.on, action=act.name,
            version=self._workflow.version,
        )  # fmt: skip
        self.played.cases[step.case] = opened.id
        for kind in self._story.given.documents:
            self._engine.cases.document(opened.id, kind, by=self._staff())

    def _form(self, step: Step, act: Act) -> tuple[dict[str, Any], str]:
        """Give the facts with which an act is done, those that the story leaves out filled in, and by whom."""
        rule, by = self._workflow.actions[act.name], self._by(act)
        asked = (*rule.form, *rule.optional)
        given = {name: value for name, value in self._story.given.facts.items() if name in asked}
        given.update(act.facts)
        place = self._place(step.case)
        return filled(self._workflow, rule, given, day=act.on or step.day, by=by, place=place), by

    def _place(self, case: str) -> str:
        known = [*self.played.cases, *([] if case in self.played.cases else [case])]
        return f"A-{known.index(case) + 1}"

    def _beside(self, act: Act, case: int) -> None:
        """Do what the house does beside the acts of the workflow."""
        cases, more, by = self._engine.cases, act.more, act.by or self._staff()
        if act.kind == "documents":
            for kind, days in more["kinds"].items():
                cases.document(case, kind, by=by, **days)
        elif act.kind == "correct":
            cases.correct(
                case, act.facts, by=by, reason=more["reason"] or "Rectifié.", on=more["effective"],
                act=self._line_of(case, more["act"]),
            )  # fmt: skip
        elif act.kind == "annul":
            cases.annul(case, by=by, reason=more["reason"] or "Fait par erreur.")
        elif act.kind == "postpone":
            reason = more["reason"] or "Reporté."
            self._engine.deadlines.postpone(
                to=more["to"], reason=reason, by=by, case=case, deadline=more["deadline"]
            )
        elif act.kind == "assign":
            cases.assign(case, more["person"], by=by)

    def _line_of(self, case: int, action: str | None) -> int | None:
        """Give the line of the last act of a name."""
        if action is None:
            return None
        lines = [event.seq for event in self._engine.cases.history(case) if event.action == action]
        return lines[-1] if lines else None

    def _by(self, act: Act) -> str:
        return act.by or doer(self._workflow, self._story.given.people, act.name)

    def _staff(self) -> str:
        roles = set(staff_roles(self._workflow))
        people = self._story.given.people
        return next((member.id for member in people if roles & set(member.roles)), people[0].id)

    # -- expectations

    def _judge(self, step: Step, expected: Expected, look: Look | None) -> Gap | None:
        if expected.key in ("refused", "allowed"):
            return self._tried(step, expected)
        if look is None:
            return None
        told = self._told.setdefault(step.case, Told())
        gap = compared(expected, look, told)
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
        case = self.played.cases.get(step.case)
        try:
            if case is None:
                self._perform(step, act)
            else:
                facts, by = self._form(step, act)
                self._engine.cases.preview(case, act.name, facts, by=by, on=act.on)
        except ActionRefused as refusal:
            self.played.refusals.append((act.name, refusal.reasons))
            return refusal.reasons
        return None


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
