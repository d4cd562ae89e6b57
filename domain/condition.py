"""A condition in its compiled form: one subject, and what it must satisfy."""

from typing import Any, Literal

from .model import Model, Setting


class Aged(Model):
    """Which members a condition counts: by their age in years, bounds included, on the day of a fact or of the act."""

    from_: Setting | int | None = None
    to: Setting | int | None = None
    on: str | None = None


class Condition(Model):
    """One structured condition. Exactly one of the subjects is set; the rest says what it must satisfy."""

    fact: str | None = None
    param: str | None = None
    state: tuple[str, ...] = ()
    count: tuple[str, ...] = ()
    deadline: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    queue: Literal["first"] | None = None
    season: str | None = None
    average: tuple[str, ...] = ()
    last: tuple[str, ...] = ()
    between: tuple[str, ...] = ()
    place: Literal["free", "none", "held"] | None = None
    linked: str | None = None
    others: tuple[str, ...] = ()
    members: str | None = None
    apart_from: tuple[str, ...] = ()
    guard: str | None = None
    any: tuple["Condition", ...] = ()
    all: tuple["Condition", ...] = ()
    of: dict[str, tuple[Any, ...]] = {}
    where: dict[str, tuple[Any, ...]] = {}
    aged: Aged | None = None
    since: tuple[str, ...] = ()
    distinct: str | None = None
    within: str | Setting | None = None
    per: Literal["mois"] | None = None
    franc: bool | None = None
    shift: Literal["suivant", "precedent"] | None = None
    is_: (
        bool
        | Literal[
            "set",
            "unset",
            "passed",
            "open",
            "closed",
            "met",
            "missed",
            "reminded",
            "capped",
            "inside",
            "outside",
        ]
        | None
    ) = None
    equals: Any = None
    in_: tuple[Any, ...] = ()
    at_least: Setting | int | str | None = None
    at_most: Setting | int | str | None = None
    above: Setting | int | str | None = None
    below: Setting | int | str | None = None
    when: "Condition | None" = None
    otherwise: str | None = None
    warn: str | None = None
    waiver: str | None = None
