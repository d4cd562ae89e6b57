"""Commands typed wrongly, said in French; Typer speaks English."""

import re
from typing import Any

from .french import listed, quoted

_MESSAGES = (
    (r"Missing command\.", "Il manque le nom de la commande."),
    (r"No such command ['\"](?P<a>.*?)['\"]\.(?P<hint>.*)", "La commande « {a} » n’existe pas{hint}."),
    (r"Got unexpected extra argument(?:s|\(s\))? \((?P<a>.*)\)", "Argument en trop : {a}."),
    (r"Option ['\"](?P<a>.*?)['\"] requires an argument\.", "L’option {a} attend une valeur."),
    (r"Option ['\"](?P<a>.*?)['\"] requires (?P<n>\d+) arguments\.", "L’option {a} attend {n} valeurs."),
    (r"Option ['\"](?P<a>.*?)['\"] does not take a value\.", "L’option {a} ne prend pas de valeur."),
)
_NAMES = re.compile(r"['\"]([^'\"]+)['\"]")


def usage_words(error: Any) -> list[str]:
    """Say what is wrong with a command, and where its help is."""
    context = getattr(error, "ctx", None)
    where = [f"Pour l’aide : {context.command_path} --help"] if context is not None else []
    return [_sentence(error), *where]


def _sentence(error: Any) -> str:
    # By name: Typer has its own copy of click and its classes are private.
    kind = type(error).__name__
    if kind == "MissingParameter":
        return _missing(error)
    if kind == "NoSuchOption":
        close = f" ; vouliez-vous dire {listed(error.possibilities, 'ou')} ?" if error.possibilities else "."
        return f"L’option {error.option_name} n’existe pas{close}"
    return _translated(str(error.message))


def _missing(error: Any) -> str:
    if error.param is None:
        return "Il manque une valeur."
    if error.param.param_type_name == "argument":
        return f"Il manque {error.param.metavar or error.param.name.upper()}."
    return f"Il manque l’option {error.param.opts[0]}."


def _translated(message: str) -> str:
    for pattern, french in _MESSAGES:
        found = re.fullmatch(pattern, message, re.DOTALL)
        if found:
            parts = found.groupdict()
            close = _NAMES.findall(parts.get("hint") or "")
            hint = f" ; vouliez-vous dire {listed(map(quoted, close), 'ou')} ?" if close else ""
            return french.format(**{**parts, "hint": hint}).replace("?.", "?")
    return f"Commande mal écrite ({message.rstrip('.')})."
