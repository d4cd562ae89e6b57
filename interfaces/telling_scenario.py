"""Stories told: the first difference of each that fails, what all of them cover, which mutants none has seen."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ..stories.covering import PARTS
from .french import plural, quoted

if TYPE_CHECKING:
    from ..stories.covering import Coverage
    from ..stories.mutating import Drawn, Tried
    from ..stories.running import Outcome

_PARTS = {
    "transitions": "transitions prises", "acts": "actes sans changement d’état", "guards": "conditions qui ont refusé",
    "met": "échéances tenues", "missed": "échéances dépassées", "moved": "échéances déplacées",
    "notices": "messages écrits", "tasks": "tâches ouvertes",
}  # fmt: skip
_KINDS = {
    "duration": "délai", "rung": "rappel", "shift": "report", "guard": "condition", "target": "état d’arrivée",
    "recipient": "destinataire", "place": "place", "link": "lien",
}  # fmt: skip
_LONGEST = 90


def story_lines(outcomes: Sequence["Outcome"], total: int) -> Iterator[str]:
    """Tell the first difference of each story that fails, then how many there were."""
    failed = [outcome for outcome in outcomes if outcome.difference is not None]
    for outcome in failed:
        found = outcome.difference
        if found is None:
            continue
        yield f"{found.file}:{found.line}:{found.column}: {quoted(outcome.title)}, le {found.on} : {found.about}"
        yield f"  attendu : {found.expected}"
        yield f"  trouvé : {found.found}"
        yield from (f"  pourquoi : {hint}" for hint in found.hints)
    seconds = sum(outcome.seconds for outcome in outcomes)
    played = plural(len(outcomes), "récit joué", "récits joués")
    how = f"{len(failed)} en échec" if failed else "tous conformes" if len(outcomes) > 1 else "conforme"
    left = f", {plural(total - len(outcomes), 'laissé', 'laissés')} de côté" if total > len(outcomes) else ""
    yield f"{played} en {seconds:.1f}".replace(".", ",") + f" s, {how}{left}."


def story_data(outcome: "Outcome") -> dict[str, Any]:
    """Give a story as JSON."""
    found = outcome.difference
    return {
        "file": outcome.file, "title": outcome.title, "workflow": outcome.workflow, "steps": outcome.steps,
        "seconds": round(outcome.seconds, 3),
        "difference": None if found is None else {
            "line": found.line, "column": found.column, "on": found.on.isoformat(), "about": found.about,
            "expected": found.expected, "found": found.found, "hints": list(found.hints),
        },
    }  # fmt: skip


def coverage_lines(coverage: "Coverage") -> Iterator[str]:
    """Tell what the stories of one workflow have shown, then what none has."""
    yield ""
    yield f"Ce que les récits montrent de {coverage.workflow} :"
    for part in PARTS:
        shown, total = coverage.count(part)
        share = 100 * shown // total if total else 100
        yield f"  {_PARTS[part]:<30} {shown:>3} sur {total:>3}  {share:>3} %"
    for part in PARTS:
        missing = coverage.missing(part)
        if missing:
            yield f"  Jamais vu, {_PARTS[part]} :"
            yield from (f"    {name}" for name in missing)


def coverage_data(coverage: "Coverage") -> dict[str, Any]:
    """Give a coverage as JSON."""
    return {
        "workflow": coverage.workflow,
        "parts": [
            {"part": part, "shown": coverage.count(part)[0], "total": coverage.count(part)[1],
             "missing": list(coverage.missing(part))}
            for part in PARTS
        ],
    }  # fmt: skip


def seen_rates(drawn: "Drawn", tried: Sequence["Tried"]) -> dict[str, tuple[int, int]]:
    """Give, by workflow, how many modified ones made a story fail, of how many."""
    found = {name: [0, 0] for name in drawn.refused}
    for one in tried:
        found[one.workflow][0] += not one.survived
        found[one.workflow][1] += 1
    return {name: (seen, number) for name, (seen, number) in found.items()}


def share(seen: int, number: int) -> float:
    """Give a share in hundredths; nothing tried is nothing missed."""
    return 100 * seen / number if number else 100.0


def mutation_lines(drawn: "Drawn", tried: Sequence["Tried"], at_least: float) -> Iterator[str]:
    """Tell, by workflow, how many modified ones made a story fail, then each that did not."""
    for name, (seen, number) in seen_rates(drawn, tried).items():
        yield ""
        yield (
            f"{name} : {plural(number, 'programme modifié', 'programmes modifiés')}, "
            f"{plural(seen, 'vu', 'vus')} : {_percent(share(seen, number))} % "
            f"(attendu : au moins {_percent(at_least)} %)."
        )
        refused = plural(drawn.refused[name], "autre est refusé", "autres sont refusés")
        yield f"  {refused} par le contrôle du programme ; on ne les compte pas."
        survivors = [one.mutation for one in tried if one.survived and one.workflow == name]
        if survivors:
            yield "  Aucun récit n’a vu :"
        for change in survivors:
            yield f"    {_KINDS[change.kind]} : {change.path}"
            yield f"      {_brief(change.before)} → {_brief(change.after)}"


def mutation_data(drawn: "Drawn", tried: Sequence["Tried"], seed: int) -> dict[str, Any]:
    """Give a mutation check as JSON."""
    return {
        "seed": seed,
        "workflows": [
            {"workflow": name, "tried": number, "killed": seen, "refused": drawn.refused[name],
             "rate": round(share(seen, number), 2)}
            for name, (seen, number) in seen_rates(drawn, tried).items()
        ],
        "survivors": [
            {"workflow": one.workflow, "kind": one.mutation.kind, "path": one.mutation.path,
             "before": one.mutation.before, "after": one.mutation.after}
            for one in tried if one.survived
        ],
    }  # fmt: skip


def _percent(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def _brief(value: Any) -> str:
    if isinstance(value, list):
        text = ", ".join(map(str, value))
    elif isinstance(value, dict):
        text = ", ".join(f"{key}: {held}" for key, held in value.items())
    else:
        text = str(value)
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
