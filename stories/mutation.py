"""One change made to a workflow: its kind, where it is, what was there and what is put instead."""

from dataclasses import dataclass
from typing import Any

Place = tuple[str | int, ...]
KINDS = ("duration", "rung", "shift", "guard", "target", "recipient", "place", "link")
"""What may be changed."""

GONE = "(retiré)"
"""Put instead of what is dropped."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One change: its kind, where in the compiled workflow, what was there and what is put instead."""

    kind: str
    place: Place
    before: Any
    after: Any

    @property
    def path(self) -> str:
        """Write the place: `deadlines.contact.due.after`, `actions.sortir.requires[0]`."""
        text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in self.place)
        return text.removeprefix(".")
