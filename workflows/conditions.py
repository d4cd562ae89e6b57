"""Conditions compiled: one subject each, only the tests that go with it, values that can be met."""

from typing import Any, Literal

from ..domain.condition import Aged, Condition
from ..domain.conditions_acts import TODAY
from ..domain.delay import Delay
from ..domain.workflow import Fact
from .amounts import Amounts
from .grammar_conditions import ConditionText
from .lengths import ONWARD, is_delay, years
from .names import Names
from .report import Path, shown

Use = Literal["requires", "part", "gate", "rung"]
"""Where a condition stands: before an act, inside another, before a deadline or an anchor, before a rung."""

_IS = ("is_",)
_BOUNDS = ("at_least", "at_most", "above", "below")
_COMPARED = ("equals", "in_", *_BOUNDS)
_WHICH = ("of", "where", "aged", "since", "distinct", "within", "per", "franc", "shift")
_ENOUGH = ("last", "linked")
"""What may be asked about without a test: that there is one is a test."""
_TESTS: dict[str, tuple[str, ...]] = {
    "fact": (*_IS, *_COMPARED), "param": (*_IS, *_COMPARED),
    "count": (*_COMPARED, "where", "since", "distinct", "within", "per"),
    "average": (*_BOUNDS, "where", "since"), "deadline": _IS, "season": _IS, "state": (), "documents": (),
    "last": ("of", "where", "since", "within"), "between": (*_BOUNDS, "franc", "shift"),
    "place": (), "linked": (*_IS, "in_", *_BOUNDS),
    "others": _BOUNDS, "members": ("aged", *_BOUNDS),
    "queue": (), "apart_from": (), "guard": (), "any": (), "all": (),
}  # fmt: skip
_ALL_TESTS = (*_IS, *_COMPARED, *_WHICH)
_SUBJECTS: dict[str, tuple[str, ...]] = {"gate": ("fact", "param", "state"), "rung": ("param",)}
_IS_VALUES: dict[str, tuple[bool | str, ...]] = {
    "fact": (True, False, "set", "unset"), "param": (True, False), "season": ("inside", "outside"),
    "deadline": ("passed", "open", "met", "missed", "reminded", "capped"),
    "linked": ("open", "closed", "set", "unset"),
}  # fmt: skip
_WRITTEN = {"is_": "is", "in_": "in"}
_YESNO = ("yesno", "done")
_DATES = ("date", "instant")
_TWO = 2
_A_DAY = 1.5 / 365.25  # two lengths that near may be the same, months being what they are
_NUMBERS = ("number", "money", "count")
_KINDS: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("text", "place", "actor"), (str,)),
    **dict.fromkeys(_YESNO, (bool,)),
    **dict.fromkeys(_NUMBERS, (int, float)),
}


def value_fault(name: str, fact: Fact, value: Any) -> str | None:
    """Say why a value can never be that of a fact."""
    if fact.type == "choice":
        if value in fact.choices:
            return None
        return f"« {shown(value)} » n’est pas un choix de « {name} » : {', '.join(fact.choices)}"
    kinds = _KINDS.get(fact.type)
    if kinds is None:
        return f"« {name} » est de type {fact.type} : on demande seulement si sa valeur est là (is: set ou unset)"
    if type(value) in kinds:
        return None
    return f"« {shown(value)} » n’est pas une valeur de « {name} », de type {fact.type}"


class Conditions:
    """Compiles conditions against the names, the facts and the settings of one document."""

    def __init__(self, names: Names, amounts: Amounts, facts: dict[str, Fact]) -> None:
        self.names = names
        self.amounts = amounts
        self.facts = facts

    def compile(self, written: ConditionText, path: Path, label: str, use: Use = "requires") -> Condition:
        """Resolve a condition, its parts included; what is wrong with it goes to the report."""
        subject = self._subject(written, path, use)
        if subject is not None:
            self._check_tests(written, subject, path, use)
        self._check_speech(written, path, use)
        return Condition(
            **self._names(written, path), queue=written.queue, guard=written.guard, is_=written.is_,
            equals=written.equals, in_=written.in_, warn=written.warn, otherwise=written.else_, per=written.per,
            franc=written.franc, shift=written.shift,
            within=None if written.within is None
            else self.amounts.delay(written.within, (*path, "within"), written.else_ or label, ONWARD),
            where=self.where(written.where, (*path, "where")), of=self.where(written.of, (*path, "of")),
            place=written.place, others=written.others, aged=self._aged(written, path),
            any=self._parts(written.any, (*path, "any"), label), all=self._parts(written.all, (*path, "all"), label),
            when=None if written.when is None
            else self.compile(written.when, (*path, "when"), label, use if use in _SUBJECTS else "part"),
            **{key: self._bound(written, key, path, label) for key in _BOUNDS},
        )  # fmt: skip

    def gate(self, written: ConditionText | None, path: Path, label: str) -> Condition | None:
        """Resolve the condition of a deadline or an anchor, if there is one."""
        return None if written is None else self.compile(written, path, label, "gate")

    def where(self, written: dict[str, tuple[Any, ...]], path: Path) -> dict[str, tuple[Any, ...]]:
        """Resolve the values that an act must have."""
        found: dict[str, tuple[Any, ...]] = {}
        for name, values in written.items():
            fact = self.names.one("fait", name, (*path, name))
            found[fact] = values
            for index, value in enumerate(values):
                self.value(fact, value, (*path, name, index))
        return found

    def value(self, fact: str, value: Any, path: Path) -> None:
        """Report a value that a fact can never have."""
        known = self.facts.get(fact)
        text = value_fault(fact, known, value) if known is not None else None
        if text:
            self.names.report.add(path, text, code="unknown_choice")

    # -- the parts of one condition

    def _names(self, written: ConditionText, path: Path) -> dict[str, Any]:
        many, one = self.names.many, self.names.maybe
        if written.param is not None:
            self.amounts.known(written.param, (*path, "param"))
        return {
            "fact": one("fait", written.fact, (*path, "fact")), "param": written.param,
            "distinct": one("fait", written.distinct, (*path, "distinct")),
            "state": self.names.states(written.state, (*path, "state")),
            "count": many("action", written.count, (*path, "count")),
            "average": many("action", written.average, (*path, "average")),
            "last": many("action", written.last, (*path, "last")),
            "between": self._between(written, path), "linked": one("lien", written.linked, (*path, "linked")),
            "members": one("fait", written.members, (*path, "members")),
            "season": one("saison", written.season, (*path, "season")),
            "since": many("action", written.since, (*path, "since")),
            "apart_from": many("action", written.apart_from, (*path, "apart_from")),
            "deadline": many("échéance", written.deadline, (*path, "deadline")),
            "documents": many("document", written.documents, (*path, "documents")),
            "waiver": one("dérogation", written.waiver, (*path, "waiver")),
        }  # fmt: skip

    def _parts(self, written: tuple[ConditionText, ...], path: Path, label: str) -> tuple[Condition, ...]:
        return tuple(self.compile(one, (*path, index), label, "part") for index, one in enumerate(written))

    def _bound(self, written: ConditionText, key: str, path: Path, label: str) -> Any:
        value, where, said = getattr(written, key), (*path, key), written.else_ or written.warn or label
        if value is None:
            return None
        return (self.amounts.delay if written.between else self.amounts.number)(value, where, said)

    def _between(self, written: ConditionText, path: Path) -> tuple[str, ...]:
        """Resolve two days: each that of a fact, of the last act of a name, or of the act itself."""
        for index, name in enumerate(written.between):
            if name != TODAY and name not in self.names.kinds["action"]:
                fact = self.facts.get(self.names.one("fait", name, (*path, "between", index)))
                if fact is not None and fact.type not in _DATES:
                    text = f"« {shown(name)} » n’est ni un acte ni une date"
                    self.names.report.add((*path, "between", index), text, code="fact_type")
        if written.between and len(written.between) != _TWO:
            text = "« between » va d’un jour à un autre : deux noms"
            self.names.report.add((*path, "between"), text, code="test", key=True)
        return written.between

    def _day_fact(self, name: str | None, path: Path) -> str | None:
        """Resolve a fact that gives a day."""
        found = self.names.maybe("fait", name, path)
        known = self.facts.get(found or "")
        if known is not None and known.type not in _DATES:
            self.names.report.add(path, f"« {shown(name)} » n’est pas une date", code="fact_type")
        return found

    def _aged(self, written: ConditionText, path: Path) -> Aged | None:
        if written.aged is None:
            return None
        where, said = (*path, "aged"), written.else_ or written.warn or "Âge"
        bounds = {
            "from_": (written.aged.from_, "from"), "to": (written.aged.to, "to"),
        }  # fmt: skip
        return Aged(
            on=self._day_fact(written.aged.on, (*where, "on")),
            **{
                name: None if value is None else self.amounts.number(value, (*where, key), said)
                for name, (value, key) in bounds.items()
            },
        )

    # -- what a condition may say

    def _subject(self, written: ConditionText, path: Path, use: Use) -> str | None:
        found = [subject for subject in _TESTS if getattr(written, subject) not in (None, ())]
        allowed = _SUBJECTS.get(use, tuple(_TESTS))
        if not found:
            text = f"une condition porte sur quelque chose : {', '.join(allowed)}"
        elif len(found) > 1:
            text = f"une condition porte sur une seule chose, pas sur {' et '.join(found)} (les réunir par all ou any)"
        elif found[0] not in allowed:
            text = f"ici une condition porte sur {' ou '.join(allowed)}, pas sur « {found[0]} »"
        else:
            return found[0]
        self.names.report.add(path, text, code="subject")
        return None

    def _check_tests(self, written: ConditionText, subject: str, path: Path, use: Use) -> None:
        said = [key for key in _ALL_TESTS if getattr(written, key) not in (None, (), {})]
        allowed = _TESTS[subject] if use not in _SUBJECTS else tuple({*_TESTS[subject]} - {*_BOUNDS})
        add = self.names.report.add
        for key in said:
            if key not in allowed:
                name = _WRITTEN.get(key, key)
                add((*path, name), f"« {name} » ne va pas avec « {subject} »{' ici' if use in _SUBJECTS else ''}",
                    code="test", key=True)  # fmt: skip
        if written.within is not None and written.per is not None:
            text = "« within » (les derniers temps) ou « per » (le mois), pas les deux"
            add((*path, "per"), text, code="test", key=True)
        tested = any(key in (*_IS, *_COMPARED) for key in said)
        if _TESTS[subject] and subject not in _ENOUGH and not tested:
            add(path, f"dire ce que « {subject} » doit satisfaire (is, equals, at_least…)", code="no_test")
        if use in _SUBJECTS and written.when is not None:
            add((*path, "when"), "ici une condition ne dépend pas d’une autre", code="test", key=True)
        self._check_values(written, subject, path)
        self._check_possible(written, path)

    def _check_possible(self, written: ConditionText, path: Path) -> None:
        """Report what no case could ever satisfy."""
        add = self.names.report.add
        if written.last and set(written.last) <= set(
            self.names.many("action", written.since, (*path, "since"))
        ):
            text = "un acte n’est jamais postérieur à lui-même : « since » en nomme d’autres"
            add((*path, "since"), text, code="test", key=True)
        if len(set(written.between)) == 1:
            add((*path, "between"), "« between » va d’un jour à un autre : deux noms", code="test", key=True)
        for low, high in (
            ("at_least", "at_most"),
            ("above", "below"),
            ("at_least", "below"),
            ("above", "at_most"),
        ):
            if self._empty(
                getattr(written, low), getattr(written, high), strict="above" in low or "below" in high
            ):
                add(
                    (*path, high),
                    f"« {low} » et « {high} » : rien n’est entre les deux",
                    code="test",
                    key=True,
                )
        if written.aged is not None and self._empty(written.aged.from_, written.aged.to, strict=False):
            add((*path, "aged", "to"), "aucun âge n’est entre les deux", code="test", key=True)
        for key, value in (("from", written.aged.from_), ("to", written.aged.to)) if written.aged else ():
            number = self.amounts.plain(value)
            if isinstance(number, int) and number < 0:
                add((*path, "aged", key), f"« {number} » n’est pas un âge", code="test")

    def _empty(self, low: Any, high: Any, *, strict: bool) -> bool:
        """Say whether nothing lies between two bounds, whatever the house sets; delays are compared by their length."""
        least, most = self.amounts.plain(low), self.amounts.plain(high)
        if isinstance(least, int) and isinstance(most, int):
            return least >= most if strict else least > most
        if is_delay(least) and is_delay(most):
            return years(Delay.parse(least)) > years(Delay.parse(most)) + _A_DAY
        return False

    def _check_values(self, written: ConditionText, subject: str, path: Path) -> None:
        possible = _IS_VALUES.get(subject)
        if written.is_ is not None and possible and written.is_ not in possible:
            words = ", ".join(str(one).lower() for one in possible)
            text = (
                f"« is: {str(written.is_).lower()} » ne se demande pas à « {subject} » ; possible : {words}"
            )
            self.names.report.add((*path, "is"), text, code="test")
        if subject == "fact":
            self._check_fact(written, path)
        elif subject == "param" and written.param in self.amounts.parameters:
            self._check_param(written, path)

    def _check_fact(self, written: ConditionText, path: Path) -> None:
        name = written.fact or ""
        fact = self.facts.get(name)
        if fact is None:
            return
        if isinstance(written.is_, bool) and fact.type not in _YESNO:
            text = f"« {name} » est de type {fact.type}, pas oui/non : demander is: set, ou equals"
            self.names.report.add((*path, "is"), text, code="test")
        if written.equals is not None:
            self.value(name, written.equals, (*path, "equals"))
        for index, value in enumerate(written.in_):
            self.value(name, value, (*path, "in", index))
        for key in _BOUNDS:
            if getattr(written, key) is not None and fact.type not in _NUMBERS:
                text = f"« {name} » est de type {fact.type}, pas un nombre"
                self.names.report.add((*path, key), text, code="test", key=True)

    def _check_param(self, written: ConditionText, path: Path) -> None:
        default = self.amounts.parameters[written.param or ""].default
        number = type(default) is int
        wrong = [
            *(["is"] if written.is_ is not None and not isinstance(default, bool) else []),
            *(["equals"] if written.equals is not None and type(written.equals) is not type(default) else []),
            *(["in"] if any(type(value) is not type(default) for value in written.in_) else []),
            *(key for key in _BOUNDS if getattr(written, key) is not None and not number),
        ]
        for key in wrong:
            text = f"le réglage « {written.param} » ne se compare pas ainsi : son défaut est « {shown(default)} »"
            self.names.report.add((*path, key), text, code="test", key=True)

    def _check_speech(self, written: ConditionText, path: Path, use: Use) -> None:
        """A refusal says why, and is either a refusal, a warning, or what a waiver may lift."""
        add = self.names.report.add
        if use != "requires":
            for key in ("warn", "waiver"):
                if getattr(written, key) is not None:
                    text = f"« {key} » se met à la condition entière, pas à l’une de ses parties"
                    add((*path, key), text, code="test", key=True)
            return
        if written.warn and (written.else_ or written.waiver):
            add(
                (*path, "warn"),
                "un avertissement ne refuse rien : « warn » va sans else ni waiver",
                code="test",
                key=True,
            )
        if not (written.else_ or written.warn or written.documents or written.guard):
            add(path, "dire pourquoi on refuse (else: …)", code="no_sentence")
