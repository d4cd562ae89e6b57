"""Rungs that do the same thing on the same day: a message would leave twice."""

from ..domain.deadline import Rung
from ..domain.delay import Delay
from .amounts import Amounts
from .lengths import is_delay
from .report import Path, Report


class Twins:
    """Tells the rungs of one deadline that are identical, as long as no house sets them."""

    def __init__(self, report: Report, amounts: Amounts, path: Path) -> None:
        self.report = report
        self.amounts = amounts
        self.path = path
        self._known: dict[str, tuple[str, Path]] = {}

    def check(self, rung: Rung, place: Path | None) -> None:
        """Compare a rung with those before it; one whose delay cannot be read has no place, and no twin."""
        if place is None:
            return
        text = str(self.amounts.first(rung.delay))
        plain = {"id": "", "late": "skip", "delay": _plain(text)}
        if rung.every is not None:
            plain["every"] = _plain(str(self.amounts.first(rung.every)))
        known, before = self._known.setdefault(rung.model_copy(update=plain).model_dump_json(), (text, place))
        if before is not place:
            told = f"« {known} » et « {text} » : deux barreaux identiques, un seul suffit"
            if place[0] == "deadlines" or (place[:2] == before[:2] and place != before):
                self.report.add(place, told, code="twin")
            else:  # of a shared ladder, and its twin elsewhere: it is where the ladder is used that one is too many
                self.report.add((*self.path, "ladder"), told, code="twin", key=True)


def _plain(text: str) -> str:
    """Write a delay as any other that is as long; a day of the month is written so already."""
    return str(Delay.parse(text)) if is_delay(text) else text
