"""Delays as the law writes them: months, then days, then working days; never a count of seconds."""

import re
from dataclasses import dataclass
from functools import lru_cache

from .arguments import refused, whole_number
from .errors import InputError

_LONGEST_TEXT = 48
_NUMBERS = (
    r"(?:(?P<years>-?[0-9]+)Y)?(?:(?P<months>-?[0-9]+)M)?(?:(?P<weeks>-?[0-9]+)W)?(?:(?P<days>-?[0-9]+)D)?"
    r"(?:(?P<working_days>-?[0-9]+)B)?(?:T(?P<hours>-?[0-9]+)H)?"
)
_FORM = re.compile(rf"(?P<sign>-?)P(?=.){_NUMBERS}")
_CALENDAR_DAYS = 3_652_059  # from 0001-01-01 to 9999-12-31
_BOUNDS = {
    "months": 9_999 * 12,
    "days": _CALENDAR_DAYS,
    "working_days": 100_000,  # these are counted one by one, so the count is kept short
    "hours": _CALENDAR_DAYS * 24,
}


@dataclass(frozen=True, slots=True)
class Delay:
    """A length of civil time: a year is twelve months, a week seven days.

    Parts of opposite signs come from `plus`. Raises InputError on a part that is not an integer or too large.
    """

    months: int = 0
    days: int = 0
    working_days: int = 0
    hours: int = 0

    def __post_init__(self) -> None:
        for name, bound in _BOUNDS.items():
            part = whole_number(getattr(self, name), name)
            if abs(part) > bound:
                raise refused(name, part, "range", f"at most {bound} are allowed in a delay")

    @staticmethod
    def parse(text: str) -> "Delay":
        """Read `P1Y`, `P2M`, `P1M15D`, `P2W`, `-P4M`, `P5B` (working days), `PT48H`; raises InputError."""
        if not isinstance(text, str):
            raise refused("delay", text, "type", "a text such as P2M is wanted")
        if len(text) > _LONGEST_TEXT:
            raise refused("delay", text, "form", f"a text of at most {_LONGEST_TEXT} characters is wanted")
        return _parsed(text)

    def __str__(self) -> str:
        """Write the canonical text, which `parse` reads: one sign for all, or `P-1M7D` where they differ."""
        overall = -1 if max(self.parts) <= 0 and any(self.parts) else 1
        months, days, working_days, hours = (overall * part for part in self.parts)
        years = months // 12 if months % 12 == 0 else 0
        written = "".join(
            f"{mark}{number}{unit}"
            for mark, number, unit in (
                ("", years, "Y"),
                ("", 0 if years else months, "M"),
                ("", days, "D"),
                ("", working_days, "B"),
                ("T", hours, "H"),
            )
            if number
        )
        return f"{'-' if overall < 0 else ''}P{written or '0D'}"

    @property
    def parts(self) -> tuple[int, int, int, int]:
        """Give months, days, working days and hours, in the order in which they are counted."""
        return self.months, self.days, self.working_days, self.hours

    @property
    def backwards(self) -> bool:
        """Say whether the delay counts back from its anchor; its first part decides."""
        return next((part for part in self.parts if part), 0) < 0

    def times(self, k: int) -> "Delay":
        """Multiply each part by k, any integer (R8); raises InputError when the product is out of bounds."""
        return self if whole_number(k, "k") == 1 else _multiplied(self, k)

    def plus(self, other: "Delay | str") -> "Delay":
        """Add part by part: three months, then two periods of six, is `P3M` plus `P12M`."""
        added = as_delay(other)
        return Delay(
            self.months + added.months,
            self.days + added.days,
            self.working_days + added.working_days,
            self.hours + added.hours,
        )


def as_delay(value: Delay | str) -> Delay:
    """Return the delay itself, or the one that the text writes; raises InputError."""
    return value if isinstance(value, Delay) else Delay.parse(value)


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Delay:
    found = _FORM.fullmatch(text)
    if found is None:
        raise _ill_formed(text)
    part = {name: int(digits or 0) for name, digits in found.groupdict().items() if name != "sign"}
    months, days = part["years"] * 12 + part["months"], part["weeks"] * 7 + part["days"]
    delay = Delay(months, days, part["working_days"], part["hours"])
    if "-" not in text[1:]:
        return delay.times(-1) if found["sign"] else delay
    if str(delay) != text:  # signs inside are read only where `str` writes them
        raise _ill_formed(text)
    return delay


def _ill_formed(text: str) -> InputError:
    wanted = "a text such as P1Y, P2M, P1M15D, P2W, -P4M, P5B or PT48H is wanted"
    return refused("delay", text, "form", wanted)


@lru_cache(maxsize=1024)
def _multiplied(delay: Delay, k: int) -> Delay:
    if any(delay.parts) and abs(k) > max(_BOUNDS.values()):
        raise refused("k", k, "range", "so many periods leave the calendar")
    return Delay(*(part * k for part in delay.parts)) if any(delay.parts) else delay
