"""From the authored form to the compiled one: what the pure core reads."""

import hashlib

from ..domain.beyond import Fit, LinkKind, MeetingKind, PlaceKind
from ..domain.workflow import (
    ANY,
    PREVIOUS,
    Action,
    NoticeKind,
    Paper,
    Role,
    RoleKind,
    State,
    TaskKind,
    Waiver,
    Workflow,
)
from .amounts import Amounts
from .compile_facts import compile_facts, proof, signature
from .conditions import Conditions
from .deadlines import Deadlines
from .grammar import ActionText
from .lengths import ONWARD
from .merge import RECIPIENTS, WAIVE, WAIVER_REASON, Merged
from .names import Names, group_cycles
from .report import Path, Report
from .seasons import compile_seasons


def compile_workflow(merged: Merged, report: Report) -> Workflow:
    """Resolve a merged document into a Workflow; faults go to the report, and mend what they touch."""
    compiler = _Compiler(merged, report)
    for group in group_cycles(merged.flat["groups"]):
        report.add(("groups", group), f"le groupe « {group} » se contient lui-même", code="cycle", key=True)
    return compiler.workflow()


def digest(workflow: Workflow) -> str:
    """Give the digest of a workflow's content, by which a version is recognised."""
    content = workflow.model_dump_json(exclude={"digest"}, exclude_defaults=True)
    return hashlib.sha256(content.encode()).hexdigest()


class _Compiler:
    """Compiles the sections of one document, each from the names of the others."""

    def __init__(self, merged: Merged, report: Report) -> None:
        self.merged = merged
        self.report = report
        self.names = Names(merged, report)
        self.amounts = Amounts(merged.flat["parameters"], report)
        self.facts = compile_facts(merged, self.names)
        # what the compiler itself adds may be asked about too
        self.names.kinds["fait"] = self.facts
        self.conditions = Conditions(self.names, self.amounts, self.facts)

    def workflow(self) -> Workflow:
        """Put the compiled sections together."""
        head, names, flat = self.merged.head, self.names, self.merged.flat
        waivers = self._waivers()
        actions = {name: self._action(name, written) for name, written in flat["actions"].items()}
        actions |= {WAIVE + name: _waiving(name, waiver) for name, waiver in waivers.items()}
        deadlines = Deadlines(self.merged, names, self.amounts, self.conditions, actions)
        return Workflow(
            workflow=head.workflow, version=head.version, title=head.title, kind=head.kind, family=head.family,
            section=head.section, origin=head.origin, houses=names.states(head.houses, ("houses",)),
            referent=names.many("rôle", head.referent, ("referent",)),
            escalation=names.many("rôle", head.escalation, ("escalation",)),
            roles=self._roles(), groups={name: tuple(members) for name, members in flat["groups"].items()},
            states=self._states(), documents=self._papers(), facts=self.facts, waivers=waivers,
            seasons=compile_seasons(flat["seasons"], self.report), tasks=self._tasks(),
            notices=self._notices(), place=self._place(), links=self._links(), meeting=self._meeting(), actions=actions,
            deadlines={name: deadlines.compile(name, written) for name, written in flat["deadlines"].items()},
            parameters=self.amounts.parameters,
        )  # fmt: skip

    def _roles(self) -> dict[str, Role]:
        found: dict[str, Role] = {}
        for name, (written_kind, role) in self.merged.roles.items():
            kind: RoleKind = written_kind  # type: ignore[assignment]  # the grammar allows these four only
            path: Path = ("roles", kind, name)
            contact = self.names.maybe("fait", role.contact, (*path, "contact"))
            if contact in self.facts and self.facts[contact].type not in ("contact", "household", "person"):
                text = f"« {contact} » n’est pas de type contact : il ne donne pas d’adresse"
                self.report.add((*path, "contact"), text, code="fact_type")
            entered_by = self.names.many("rôle", role.entered_by, (*path, "entered_by"))
            found[name] = Role(
                label=role.label, kind=kind, contact=contact, entered_by=entered_by, paper=role.paper
            )
        return found

    def _states(self) -> dict[str, State]:
        many = self.names.many
        return {
            name: State(
                label=state.label, phase=phase, terminal=state.terminal, sans_echeance=state.sans_echeance,
                turn=many("rôle", state.turn, ("states", phase, name, "turn")),
                queue=many("fait", state.queue, ("states", phase, name, "queue")), row=state.row,
            )
            for name, (phase, state) in self.merged.states.items()
        }  # fmt: skip

    def _papers(self) -> dict[str, Paper]:
        found: dict[str, Paper] = {}
        for name, paper in self.merged.flat["documents"].items():
            valid = paper.valid
            if valid is not None:
                path = ("documents", name, "valid")
                valid = self.amounts.delay(valid, path, f"Validité : {paper.label}", ONWARD)
            found[name] = Paper(
                label=paper.label, signed=paper.signed, optional=paper.optional, row=paper.row, valid=valid
            )
        return found

    def _waivers(self) -> dict[str, Waiver]:
        many = self.names.many
        return {
            name: Waiver(
                label=waiver.label, by=many("rôle", waiver.by, ("waivers", name, "by")),
                form=many("fait", waiver.form, ("waivers", name, "form")), row=waiver.row,
            )
            for name, waiver in self.merged.flat["waivers"].items()
        }  # fmt: skip

    def _tasks(self) -> dict[str, TaskKind]:
        many = self.names.many
        return {
            name: TaskKind(
                label=task.label, row=task.row, who=many("rôle", task.who, ("tasks", name, "who")),
                due=self.amounts.delay(task.due, ("tasks", name, "due"), task.label),
                closed_by=many("action", task.closed_by, ("tasks", name, "closed_by")),
            )
            for name, task in self.merged.flat["tasks"].items()
        }  # fmt: skip

    def _notices(self) -> dict[str, NoticeKind]:
        many = self.names.many
        found: dict[str, NoticeKind] = {}
        for name, notice in self.merged.flat["notices"].items():
            path: Path = ("notices", name)
            withhold: dict[str, tuple[str, ...]] = {}
            for written, hidden in notice.withhold.items():
                role = written
                if role not in RECIPIENTS:
                    role = self.names.one("rôle", role, (*path, "withhold", role))
                withhold[role] = many("fait", hidden, (*path, "withhold", written))
            found[name] = NoticeKind(
                to=many("rôle", notice.to, (*path, "to"), extra=RECIPIENTS), withhold=withhold, row=notice.row,
                about=self._appointment(notice.about, (*path, "about")), urgent=notice.urgent,
                paper=many("rôle", notice.paper, (*path, "paper"), extra=RECIPIENTS),
            )  # fmt: skip
        return found

    def _appointment(self, written: str | None, path: Path) -> str | None:
        """Read the date that a message announces: a fact of type date that someone gives."""
        fact = self.names.maybe("fait", written, path)
        known = self.facts.get(fact) if fact is not None else None
        if known is not None and (known.type != "date" or known.of):
            self.report.add(path, f"« {fact} » n’est pas une date que quelqu’un donne", code="fact_type")
        return fact

    def _place(self) -> PlaceKind | None:
        place, one = self.merged.head.place, self.names.one
        if place is None:
            return None
        fact = one("fait", place.fact, ("place", "fact"))
        if fact in self.facts and self.facts[fact].type != "place":
            self.report.add(("place", "fact"), f"« {fact} » n’est pas de type place", code="fact_type")
        fits = tuple(
            Fit(
                fact=one("fait", fit.fact, ("place", "fits", index, "fact")), attribute=fit.attribute,
                shared=fit.shared, unless=self.names.maybe("fait", fit.unless, ("place", "fits", index, "unless")),
                otherwise=fit.else_,
            )
            for index, fit in enumerate(place.fits)
        )  # fmt: skip
        leaves = self.names.many("échéance", place.leaves, ("place", "leaves"))
        return PlaceKind(kind=place.kind, fact=fact, fits=fits, leaves=leaves)

    def _links(self) -> dict[str, LinkKind]:
        found: dict[str, LinkKind] = {}
        for name, link in self.merged.flat["links"].items():
            gives = {
                theirs: self.names.one("fait", ours, ("links", name, "gives", theirs))
                for theirs, ours in link.gives.items()
            }
            found[name] = LinkKind(
                label=link.label, workflow=link.workflow, opens_by=link.opens_by, gives=gives, follows=link.follows,
                ends=link.ends, closed_by=link.closed_by, task=link.task, reverse=link.reverse, row=link.row,
            )  # fmt: skip
        return found

    def _meeting(self) -> MeetingKind | None:
        meeting, names = self.merged.head.meeting, self.names
        if meeting is None:
            return None
        return MeetingKind(
            body=meeting.body, date=names.one("fait", meeting.date, ("meeting", "date")),
            members=names.maybe("fait", meeting.members, ("meeting", "members")),
            agenda=names.one("lien", meeting.agenda, ("meeting", "agenda")),
        )  # fmt: skip

    def _action(self, name: str, written: ActionText) -> Action:
        path: Path = ("actions", name)
        many, states = self.names.many, self.names.states
        target = written.to
        if target is not None and target != PREVIOUS:
            target = self.names.one("état", target, (*path, "to"))
        fields: dict[str, object] = {}
        for fact, value in written.set.items():
            known = self.names.one("fait", fact, (*path, "set", fact))
            self.conditions.value(known, value, (*path, "set", fact))
            fields[known] = value
        return Action(
            label=written.label, target=target, place=written.place, row=written.row, set=fields,
            sources=states(written.from_, (*path, "from"), opening=True),
            stays=(ANY,) if written.in_ == (ANY,) else states(written.in_, (*path, "in")),
            by=many("rôle", written.by, (*path, "by")),
            form=many("fait", written.form, (*path, "form")) + tuple(map(signature, written.parties)),
            optional=many("fait", written.optional, (*path, "optional")) + tuple(map(proof, written.parties)),
            requires=tuple(self.conditions.compile(part, (*path, "requires", index), written.label)
                           for index, part in enumerate(written.requires)),
            effective=self.names.maybe("fait", written.effective, (*path, "effective")),
            opens=many("lien", written.opens, (*path, "opens")), task=many("tâche", written.task, (*path, "task")),
            notify=many("modèle", written.notify, (*path, "notify")),
        )  # fmt: skip


def _waiving(name: str, waiver: Waiver) -> Action:
    """A waiver is granted by an act of its own, with its reason, and used by the act that needed it."""
    return Action(
        label=f"Déroger : {waiver.label}", stays=(ANY,), by=waiver.by, form=(WAIVER_REASON, *waiver.form),
        waives=name, row=waiver.row,
    )  # fmt: skip
