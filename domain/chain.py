"""The chain of a case's history: each line's digest holds the one before, and only seals of personal values.

A personal value stands beside the chain, under a salt of its own; the chain holds the digest of both. Erasing the
value and its salt leaves the chain whole, and the digest says nothing any more.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

GENESIS = "0" * 64

# Built once: `json.dumps` with any argument builds its encoder at each call.
_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def canonical(value: Any) -> str:
    """Write plain data in its one form: keys sorted, no space."""
    return _encode(value)


def seal(salt: str, value: Any) -> str:
    """Give the digest under which the chain keeps a personal value."""
    return hashlib.sha256(f"{salt}\x00{canonical(value)}".encode()).hexdigest()


def link(head: str, case_id: int, line: Mapping[str, Any]) -> str:
    """Give the digest of a history line from the head before it."""
    content = [
        head, case_id, line["seq"], _text(line["at"]), _text(line["effective_on"]), line["kind"], line["actor_id"],
        line["on_behalf"], line["action"], line["source"], line["target"], line["body"],
    ]  # fmt: skip
    return hashlib.sha256(canonical(content).encode()).hexdigest()


def over_heads(heads: Mapping[int, str]) -> str:
    """Give one digest over the heads of all cases: what an anchor kept elsewhere compares."""
    total = hashlib.sha256()
    for case_id in sorted(heads):
        total.update(f"{case_id}:{heads[case_id]}\n".encode())
    return total.hexdigest()


def _text(value: date | datetime) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat()
