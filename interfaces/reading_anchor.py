"""What was noted elsewhere of the histories, read back: one digest, or a file of heads."""

import re
from collections.abc import Mapping
from pathlib import Path

from .. import InputError

_DIGEST = re.compile(r"[0-9a-f]{64}")
_HEAD = re.compile(r"(\d{1,18}) (\d{1,18}) ([0-9a-f]{64})")

Heads = Mapping[int, tuple[int, str]]


def read_anchor(text: str | None) -> tuple[str | None, Heads | None]:
    """Read a digest, or a file with a line `case seq head` for each case. Raises InputError."""
    if text is None:
        return None, None
    if _DIGEST.fullmatch(text.lower()):
        return text.lower(), None
    return None, _heads(text)


def _heads(path: str) -> Heads:
    found: dict[int, tuple[int, str]] = {}
    try:
        lines = Path(path).read_text("ascii").splitlines()
    except (OSError, ValueError) as error:
        raise _refused(path) from error
    for line in lines:
        head = _HEAD.fullmatch(line.strip())
        if head is None:
            raise _refused(path)
        found[int(head[1])] = (int(head[2]), head[3])
    return found


def _refused(path: str) -> InputError:
    return InputError("neither a digest nor a file of heads", argument="anchor", value=path, problem="anchor")
