"""Numbers as French writes them, wherever people read one."""

from decimal import Decimal


def figure(value: int | float | Decimal) -> str:
    """Write a number with a comma: `1,5`; a whole one is `2`, an amount keeps its cents: `412,50`."""
    if isinstance(value, float):
        value = Decimal(repr(value))
        value = value.to_integral_value() if value == value.to_integral_value() else value
    return f"{value:f}".replace(".", ",") if isinstance(value, Decimal) else str(value)


def plain_words(value: object) -> str:
    """Write a value that no label tells: `oui`, `non`, a number with its comma, a text as it is."""
    if isinstance(value, bool):
        return "oui" if value else "non"
    return figure(value) if isinstance(value, int | float | Decimal) else str(value)
