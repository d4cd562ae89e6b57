"""A document being read as a story: its tables, names and days checked, each fault told where it stands."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, time
from typing import Any

from ..domain.arguments import EARLIEST
from ..workflows.reader import Document
from ..workflows.report import Report, shown, suggestion
from .story import Path

LATEST = date(2199, 12, 31)
"""A day beyond is a slip of the pen: a story would pass its time in passes."""

NONE = "aucune"
MASCULINE = ("acte", "état", "message", "réglage", "lien", "statut")
_NO_VALUE = object()


class Page:
    """Reads the values of one document; what cannot be read is told, and None is given."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.report = Report(document)

    def fault(self, path: Path, text: str, code: str = "invalid", *, key: bool = False) -> None:
        """Tell a fault at a path of the document."""
        self.report.add(path, text, code=code, key=key)

    def table(self, value: Any, path: Path, keys: Collection[str] | None = None) -> dict[str, Any]:
        """Give a table; an unknown key is told with the one it resembles, and left out."""
        if not isinstance(value, dict):
            self.fault(path, "il faut ici des clés et des valeurs (nom: valeur)", "type")
            return {}
        if keys is None:
            return value
        for key in value:
            if key not in keys:
                near = suggestion(self.report.closest(key, keys))
                self.fault((*path, key), f"clé inconnue « {shown(key)} »{near}", "unknown_key", key=True)
        return {key: held for key, held in value.items() if key in keys}

    def items(self, value: Any, path: Path) -> list[tuple[Any, Path]]:
        """Give each item of a list with its place; a value alone is a list of one, none an empty list."""
        if value is None:
            return []
        if isinstance(value, list):
            return [(item, (*path, index)) for index, item in enumerate(value)]
        return [(value, path)]

    def text(self, value: Any, path: Path) -> str | None:
        """Give a text that says something."""
        if isinstance(value, str) and value.strip():
            return value.strip()
        self.fault(path, "il faut un texte ici (entre guillemets si c’est un nombre ou un oui/non)", "type")
        return None

    def texts(self, value: Any, path: Path) -> tuple[str, ...]:
        """Give a text, or a list of texts, as a list."""
        found = (self.text(item, place) for item, place in self.items(value, path))
        return tuple(text for text in found if text is not None)

    def yes(self, value: Any, path: Path) -> bool:
        """Give a yes or a no."""
        if not isinstance(value, bool):
            self.fault(path, "il faut true ou false ici", "type")
            return False
        return value

    def one_of(self, value: Any, choices: Iterable[str], path: Path) -> str | None:
        """Give one of a few words."""
        known = list(choices)
        if isinstance(value, str) and value in known:
            return value
        self.fault(
            path,
            f"valeur inconnue « {shown(value)} » ; valeurs possibles : {', '.join(known)}",
            "unknown_value",
        )
        return None

    def name(
        self, what: str, value: Any, known: Collection[str], path: Path, *, key: bool = False
    ) -> str | None:
        """Give the name of something that the workflow declares."""
        if isinstance(value, str) and value in known:
            return value
        near = suggestion(self.report.closest(value, known)) if isinstance(value, str) else ""
        unknown = "inconnu" if what in MASCULINE else "inconnue"
        self.fault(
            path, f"{what} {unknown} dans ce programme « {shown(value)} »{near}", "unknown_name", key=key
        )
        return None

    def names(self, what: str, value: Any, known: Collection[str], path: Path) -> tuple[str, ...]:
        """Give names that the workflow declares."""
        found = (self.name(what, item, known, place) for item, place in self.items(value, path))
        return tuple(name for name in found if name is not None)

    def day(self, value: Any, path: Path, *, key: bool = False) -> date | None:
        """Give a day, written 2027-01-31."""
        found = _day(value)
        if found is None:
            self.fault(path, f"« {shown(value)} » n’est pas un jour : il s’écrit 2027-01-31", "date", key=key)
        elif not EARLIEST <= found <= LATEST:
            self.fault(
                path, f"le jour {found} est hors des années {EARLIEST.year} à {LATEST.year}", "date", key=key
            )
            found = None
        return found

    def days(self, value: Any, path: Path) -> tuple[date, ...]:
        """Give a day or a list of days; the word `aucune` says none."""
        if value == NONE:
            return ()
        found = (self.day(item, place) for item, place in self.items(value, path))
        return tuple(day for day in found if day is not None)

    def moment(self, value: Any, path: Path) -> tuple[date, time | None] | None:
        """Give a day, with its hour where one is written: 2026-12-24 22:40."""
        text = value.strip() if isinstance(value, str) else ""
        head, _, tail = text.partition(" ")
        if not tail:
            day = self.day(value, path)
            return None if day is None else (day, None)
        hour = self.hour(tail.strip(), path)
        day = self.day(head, path)
        return None if day is None or hour is None else (day, hour)

    def moments(self, value: Any, path: Path) -> tuple[tuple[date, time | None], ...]:
        """Give moments; the word `aucune` says none."""
        if value == NONE:
            return ()
        found = (self.moment(item, place) for item, place in self.items(value, path))
        return tuple(moment for moment in found if moment is not None)

    def hour(self, value: Any, path: Path) -> time | None:
        """Give an hour, written 09:00."""
        try:
            if isinstance(value, str) and len(value) == len("09:00"):
                return time.fromisoformat(value)
        except ValueError:
            pass
        self.fault(path, f"« {shown(value)} » n’est pas une heure : elle s’écrit 09:00", "hour")
        return None

    def wanted(self, table: Mapping[str, Any], key: str, path: Path) -> Any:
        """Give the value of a key that must be there."""
        found = table.get(key, _NO_VALUE)
        if found is _NO_VALUE:
            self.fault(path, f"il manque la clé « {key} »", "missing_key", key=True)
            return None
        return found


def _day(value: Any) -> date | None:
    if not isinstance(value, str) or len(value) != len("2027-01-31"):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
