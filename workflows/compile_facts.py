"""Facts compiled: those that the document declares, and those that come with a signature or a waiver."""

import re

from ..domain.workflow import Choice, Fact
from .grammar import FactText
from .merge import WAIVER_REASON, Merged
from .names import Names
from .report import Path, shown

_CHOICE = re.compile(r"[a-z0-9][a-z0-9_]*")
_DERIVED = ("date", "count")


def signature(party: str) -> str:
    """Name the fact that holds the day on which a party signed."""
    return f"signature_{party}"


def proof(party: str) -> str:
    """Name the fact that holds the proof of a party's signature."""
    return f"preuve_signature_{party}"


def compile_facts(merged: Merged, names: Names) -> dict[str, Fact]:
    """Compile the facts declared, and add those of the parties that sign and of the waivers."""
    facts = {name: _fact(name, written, names) for name, written in merged.flat["facts"].items()}
    for name, action in merged.flat["actions"].items():
        for index, party in enumerate(action.parties):
            if party not in names.groups:
                names.one("rôle", party, ("actions", name, "parties", index))
            label = _party_label(merged, party)
            facts[signature(party)] = Fact(label=f"Signature : {label}", type="date", until_today=True)
            facts[proof(party)] = Fact(label=f"Preuve de la signature : {label}", type="file")
    if merged.flat["waivers"]:
        facts[WAIVER_REASON] = Fact(label="Motif de la dérogation", personal=True)
    return facts


def _fact(name: str, written: FactText, names: Names) -> Fact:
    path: Path = ("facts", name)
    _check_type(name, written, names)
    return Fact(
        label=written.label, type=written.type, from_today=written.from_ == "today",
        until_today=written.until == "today", personal=written.personal, sensitive=written.sensitive,
        referent=written.referent,
        missing=written.missing, row=written.row,
        choices={value: Choice(label=one.label, counted=one.counted) for value, one in written.choices.items()},
        of=names.many("action", written.of, (*path, "of")),
    )  # fmt: skip


def _check_type(name: str, written: FactText, names: Names) -> None:
    """What is said of a fact goes with its type."""
    path: Path = ("facts", name)
    kind = written.type

    def add(key: str, text: str) -> None:
        names.report.add((*path, key), text, code="fact_type", key=True)

    if (kind == "choice") is not bool(written.choices):
        add("choices", f"« {name} » : des choix (choices) vont avec le type choice, et lui avec eux")
    for value in written.choices:
        if not _CHOICE.fullmatch(value):
            text = f"« {shown(value)} » : un choix s’écrit en minuscules, chiffres et _"
            names.report.add((*path, "choices", value), text, code="name", key=True)
    if written.referent and kind != "actor":
        add("referent", f"« {name} » ne nomme pas une personne : qui suit le dossier est de type actor")
    if written.of and kind not in _DERIVED:
        add("of", f"« {name} » se déduit des actes (of) : il est de type date ou count, pas {kind}")
    if kind == "count" and not written.of:
        add("type", f"« {name} » compte des actes : dire lesquels (of)")
    if kind != "date" and (written.from_ or written.until):
        add(
            "from" if written.from_ else "until",
            f"« {name} » n’est pas une date : from et until n’y vont pas",
        )


def _party_label(merged: Merged, party: str) -> str:
    """A party may be a role, or a group of roles known by its first."""
    members = merged.flat["groups"].get(party) or (party,)
    known = merged.roles.get(members[0])
    return known[1].label if known else party
