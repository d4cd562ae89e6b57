"""Texts that people and hosts give: what a line, a paragraph, an identifier and an e-mail address may hold."""

import re
import unicodedata
from functools import lru_cache

from .arguments import refused
from .errors import InputError, NotFound

LONGEST_LINE = 200
LONGEST_REASON = 2_000
LONGEST_ADDRESS = 254  # RFC 5321, a path of 256 with its brackets
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(
    r"(?=.{1,253}\Z)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*"
)
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")  # blank, and of no class that says so
_VARIANTS = re.compile("[\ufe00-\ufe0f]")  # how a sign is drawn, not which one it is
_UNKEEPABLE = re.compile(r"[\x00\ud800-\udfff]")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_PARAGRAPH_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")


def is_kept(text: str) -> bool:
    """Say whether a database can keep a text: neither NUL nor half of a surrogate pair."""
    return _UNKEEPABLE.search(text) is None


def is_clean(text: str, *, lines: bool = False) -> bool:
    """Say whether a text holds no control character; with `lines`, it may have several lines and tabs."""
    return (_PARAGRAPH_CONTROLS if lines else _CONTROLS).search(text) is None


def is_name(value: object) -> bool:
    """Say whether a value may be an identifier that is looked up."""
    return isinstance(value, str) and len(value) <= LONGEST_LINE and is_clean(value)


def looked_up(value: object, kind: str) -> str:
    """Return an identifier to look up. Raises NotFound, before any database, for what no identifier can be."""
    if isinstance(value, str) and is_name(value):
        return value
    raise NotFound(kind, ascii(value)[:80])


def is_row_id(value: object) -> bool:
    """Say whether a value may be the number of a row: a whole number that 64 bits hold."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**63


def one_line(value: object, argument: str, most: int = LONGEST_LINE) -> str:
    """Return a text of one line and `most` characters. Raises InputError."""
    return _checked(value, argument, most, lines=False)


def paragraph(value: object, argument: str, most: int = LONGEST_REASON) -> str:
    """Return a text of `most` characters that may have several lines. Raises InputError."""
    return _checked(value, argument, most, lines=True)


def _checked(value: object, argument: str, most: int, *, lines: bool) -> str:
    if not isinstance(value, str):
        raise refused(argument, value, "type", "a text is wanted")
    if len(value) > most or not is_clean(value, lines=lines):
        wanted = f"at most {most} characters are wanted, without control characters"
        raise refused(argument, value, "form", wanted)
    return value


def email_address(value: object, argument: str) -> str:
    """Return one bare e-mail address. Raises InputError, also for a list and for `Name <address>`."""
    if not isinstance(value, str):
        raise refused(argument, value, "type", "a text is wanted")
    if not is_address(value):
        raise refused(argument, value, "form", "one e-mail address is wanted")
    return value


def is_address(text: str) -> bool:
    """Say whether a text is one e-mail address that a message can be sent to; its domain may have accents."""
    local, _, host = text.rpartition("@")
    if len(text) > LONGEST_ADDRESS or not is_local_part(local):
        return False
    try:
        return bool(ascii_domain(host))
    except InputError:
        return False


def is_local_part(text: str) -> bool:
    """Say whether a text may stand before the @ of an address (RFC 5321)."""
    return len(text) <= 64 and _LOCAL.fullmatch(text) is not None


@lru_cache(maxsize=64)
def ascii_domain(host: str) -> str:
    """Return a domain in the ASCII form that mail needs; raises InputError when it is not one."""
    try:
        # the length first: the codec is slow on what is far too long
        encoded = host[:254].encode("idna").decode("ascii").lower()
    except UnicodeError:
        encoded = ""
    if not _DOMAIN.fullmatch(encoded):
        raise InputError("not a domain name", part="domain")
    return encoded


def is_visible(text: str) -> bool:
    """Say whether every character of a text can be seen: two names that look alike are then one."""
    return text.isascii() or not any(unicodedata.category(sign) == "Cf" or sign in _UNSEEN for sign in text)


def place_key(text: str) -> str:
    """Give the form under which a place is held by one case: `b  12` and `B 12` are the same place.

    What Unicode holds to be the same is: an accent written apart, a digit of another width (NFKC).
    """
    if text.isascii():
        return " ".join(text.split()).upper()
    plain = unicodedata.normalize("NFKC", _VARIANTS.sub("", text)).upper()
    return " ".join(unicodedata.normalize("NFKC", plain).split())
