"""Plain scalars, read by the core schema of YAML 1.2 (§10.3.2 of its specification).

There `no`, `on`, `18:30` and `2027-01-04` are texts; YAML 1.1 makes booleans, a number and a date of them.
"""

import math
import re

Scalar = str | int | float | bool | None

MAX_DIGITS = 18
"""An integer of more digits is refused: it would not fit the 64 bits of a database column."""

MAX_FLOAT_LENGTH = 40
"""A decimal number written with more characters is refused."""

CONSTANTS: dict[str, Scalar] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), math.inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -math.inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), math.nan),
}

FIRST_OF_OTHERS = frozenset("~nNtTfF.+-0123456789")
"""What a plain scalar that is neither empty nor a text begins with."""

_INTEGER = re.compile(r"[-+]?[0-9]+")
_OCTAL = re.compile(r"0o[0-7]+")
_HEXADECIMAL = re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


def resolve(text: str) -> Scalar:
    """Return what a plain scalar means.

    Raises ValueError, with a French sentence, for a number too large to be kept.
    """
    if text in CONSTANTS:
        return CONSTANTS[text]
    if text[0] not in FIRST_OF_OTHERS:
        return text
    if _INTEGER.fullmatch(text):
        return _integer(text, 10)
    if _OCTAL.fullmatch(text):
        return _integer(text[2:], 8)
    if _HEXADECIMAL.fullmatch(text):
        return _integer(text[2:], 16)
    return _float(text) if _FLOAT.fullmatch(text) else text


def _integer(digits: str, base: int) -> int:
    significant = digits.lstrip("+-").lstrip("0") or "0"
    if len(significant) > MAX_DIGITS or (value := int(significant, base)) >= 10**MAX_DIGITS:
        raise ValueError(f"ce nombre a plus de {MAX_DIGITS} chiffres ; un texte va entre guillemets")
    return -value if digits[0] == "-" else value


def _float(text: str) -> float:
    if len(text) > MAX_FLOAT_LENGTH or math.isinf(value := float(text)):
        raise ValueError("ce nombre est trop grand ou trop long ; un texte va entre guillemets")
    return value
