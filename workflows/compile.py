"""From the authored form to the compiled one: what the pure core reads."""

import hashlib
from ..domain.workflow import (
    Action,
    Choice,
    Fact,
    NoticeKind,
    Paper,
    Parameter,
    PlaceKind,
    Role,
    State,
    TaskKind,
    Waiver,
    Workflow,
)
from .conditions import condition
from .deadlines import compile_deadline
from .grammar import ActionText
from .merge import Merged
from .names import ANY, Names
from .report import Path, Report

RECIPIENTS = ("who", "escalation", "household", "referent")
WAIVER_REASON = "motif_derogation"
WAIVE = "deroger_"


def compile_workflow(merged: Merged, report: Report, text_digest: str = "") -> Workflow:
    """Resolve a merged document into a Workflow; faults go to the report, and void what they touch."""
    names = Names(merged, report)
    names.parameters.update(
        {
            name: Parameter(label=written.label, default=_default(written.default), basis=written.basis)
            for name, written in merged.flat["parameters"].items()
        }
    )
    head = merged.head
    facts = _facts(merged, names)
    names.kinds["fait"] = facts
    waivers = _waivers(merged, names)
    names.kinds["action"] = {**merged.flat["actions"], **{WAIVE + name: None for name in waivers}}
    actions = {name: _action(name, written, names) for name, written in merged.flat["actions"].items()}
    actions |= {WAIVE + name: _waiving(name, waiver) for name, waiver in waivers.items()}
    workflow = Workflow(
        workflow=head.workflow, version=head.version, title=head.title, kind=head.kind, family=head.family,
        section=head.section, origin=head.origin, digest=text_digest,
        houses=names.states(head.houses, ("houses",)) if head.houses else (),
        referent=head.referent and names.one("rôle", head.referent, ("referent",)),
        escalation=names.many("rôle", head.escalation, ("escalation",)),
        roles={name: Role(label=role.label, kind=kind, contact=role.contact, entered_by=role.entered_by)  # type: ignore[arg-type]
               for name, (kind, role) in merged.roles.items()},
        groups={name: tuple(members) for name, members in merged.flat["groups"].items()},
        states=_states(merged, names), documents=_papers(merged, names), facts=facts, waivers=waivers,
        tasks=_tasks(merged, names), notices=_notices(merged, names), place=_place(merged, names), actions=actions,
        deadlines={name: compile_deadline(name, written, merged, names, actions)
                   for name, written in merged.flat["deadlines"].items()},
        parameters=names.parameters,
    )  # fmt: skip
    return workflow


def digest(workflow: Workflow) -> str:
    """Give the digest of a workflow's content, by which a version is recognised."""
    content = workflow.model_dump_json(exclude={"digest"}, exclude_defaults=True)
    return hashlib.sha256(content.encode()).hexdigest()


def _default(value: bool | int | str) -> bool | int | str:
    if isinstance(value, str) and value.endswith("*"):
        text = value[:-1]
        return text == "true" if text in ("true", "false") else int(text) if text.isdigit() else text
    return value


def _states(merged: Merged, names: Names) -> dict[str, State]:
    return {
        name: State(
            label=state.label, phase=phase, terminal=state.terminal, sans_echeance=state.sans_echeance, row=state.row,
            turn=names.many("rôle", state.turn, ("states", phase, name, "turn")),
            queue=names.many("fait", state.queue, ("states", phase, name, "queue")),
        )
        for name, (phase, state) in merged.states.items()
    }  # fmt: skip


def _facts(merged: Merged, names: Names) -> dict[str, Fact]:
    facts = {
        name: Fact(
            label=fact.label, type=fact.type, role=fact.role, from_today=fact.from_ == "today",
            until_today=fact.until == "today", personal=fact.personal, sensitive=fact.sensitive,
            missing=fact.missing, row=fact.row,
            choices={value: Choice(label=choice.label, counted=choice.counted) for value, choice in fact.choices.items()},
            of=names.many("action", fact.of, ("facts", name, "of")),
        )
        for name, fact in merged.flat["facts"].items()
    }  # fmt: skip
    for action in merged.flat["actions"].values():
        for party in action.parties:
            label = _party_label(merged, party)
            facts[signature(party)] = Fact(label=f"Signature : {label}", type="date", until_today=True)
            facts[proof(party)] = Fact(label=f"Preuve de la signature : {label}", type="file")
    if merged.flat["waivers"]:
        facts.setdefault(WAIVER_REASON, Fact(label="Motif de la dérogation", personal=True))
    return facts


def signature(party: str) -> str:
    """Name the fact that holds the day on which a party signed."""
    return f"signature_{party}"


def proof(party: str) -> str:
    """Name the fact that holds the proof of a party's signature."""
    return f"preuve_signature_{party}"


def _party_label(merged: Merged, party: str) -> str:
    """A party may be a role, or a group of roles known by its first."""
    members = merged.flat["groups"].get(party, (party,))
    known = merged.roles.get(members[0])
    return known[1].label if known else party


def _papers(merged: Merged, names: Names) -> dict[str, Paper]:
    return {
        name: Paper(
            label=paper.label, signed=paper.signed, optional=paper.optional, row=paper.row,
            valid=None if paper.valid is None
            else names.setting(paper.valid, ("documents", name, "valid"), f"Validité : {paper.label}", delay=True),
        )
        for name, paper in merged.flat["documents"].items()
    }  # fmt: skip


def _waivers(merged: Merged, names: Names) -> dict[str, Waiver]:
    return {
        name: Waiver(
            label=waiver.label, row=waiver.row,
            by=names.many("rôle", waiver.by, ("waivers", name, "by")),
            form=names.many("fait", waiver.form, ("waivers", name, "form")),
        )
        for name, waiver in merged.flat["waivers"].items()
    }  # fmt: skip


def _waiving(name: str, waiver: Waiver) -> Action:
    """A waiver is granted by an act of its own, with its reason, and used by the act that needed it."""
    return Action(
        label=f"Déroger : {waiver.label}", stays=(ANY,), by=waiver.by, form=(WAIVER_REASON, *waiver.form),
        waives=name, row=waiver.row,
    )  # fmt: skip


def _tasks(merged: Merged, names: Names) -> dict[str, TaskKind]:
    return {
        name: TaskKind(
            label=task.label, row=task.row,
            who=names.many("rôle", task.who, ("tasks", name, "who")),
            due=names.setting(task.due, ("tasks", name, "due"), task.label, delay=True),
            closed_by=names.many("action", task.closed_by, ("tasks", name, "closed_by")),
        )
        for name, task in merged.flat["tasks"].items()
    }  # fmt: skip


def _notices(merged: Merged, names: Names) -> dict[str, NoticeKind]:
    return {
        name: NoticeKind(
            to=names.many("rôle", notice.to, ("notices", name, "to"), extra=RECIPIENTS),
            withhold={
                role: names.many("fait", hidden, ("notices", name, "withhold", role))
                for role, hidden in notice.withhold.items()
            },
            paper=names.many("rôle", notice.paper, ("notices", name, "paper")), row=notice.row,
        )
        for name, notice in merged.flat["notices"].items()
    }  # fmt: skip


def _place(merged: Merged, names: Names) -> PlaceKind | None:
    place = merged.head.place
    return place and PlaceKind(kind=place.kind, fact=names.one("fait", place.fact, ("place", "fact")))


def _action(name: str, written: ActionText, names: Names) -> Action:
    path: Path = ("actions", name)
    form = names.many("fait", written.form, (*path, "form"))
    optional = names.many("fait", written.optional, (*path, "optional"))
    target = written.to
    if target is not None and target != "previous":
        names.one("état", target, (*path, "to"))
    return Action(
        label=written.label, target=target, place=written.place, row=written.row,
        sources=names.states(written.from_, (*path, "from")),
        stays=(ANY,) if written.in_ == (ANY,) else names.states(written.in_, (*path, "in")),
        by=names.many("rôle", written.by, (*path, "by")),
        form=form + tuple(signature(party) for party in written.parties),
        optional=optional + tuple(proof(party) for party in written.parties),
        requires=tuple(
            condition(part, names, (*path, "requires", index), written.label)
            for index, part in enumerate(written.requires)
        ),
        set={names.one("fait", fact, (*path, "set")): value for fact, value in written.set.items()},
        task=names.many("tâche", written.task, (*path, "task")),
        notify=names.many("modèle", written.notify, (*path, "notify")),
    )  # fmt: skip
