"""What jalon refuses, said to people in French: one sentence an error, one line a reason."""

from collections.abc import Callable, Mapping
from typing import Any

from .. import ActionRefused, DefinitionError, InputError, JalonError, Reason
from .french import quoted
from .words_errors import ERRORS
from .words_input import input_words
from .words_places import beside, waits
from .words_reasons import REASONS

REFUSED, BAD_USAGE = 1, 2
_MORE = {"queue": waits, "place_misfit": beside}
"""What is added to the words of a workflow: who stands in the way."""
_BESIDE_ACTS = {
    "correct": "la rectification n’est pas possible",
    "annul": "cet acte ne peut pas être annulé",
    "postpone": "cette date ne peut pas être reportée",
    "document": "la pièce n’est pas acceptée",
    "assign": "le dossier ne peut pas être confié ainsi",
    "transfer": "les dossiers ne peuvent pas être confiés ainsi",
    "absent": "cette absence ne peut pas être notée",
    "back": "ce retour ne peut pas être noté",
    "notice": "ce message ne peut pas changer",
    "link": "ces dossiers ne peuvent pas être liés",
    "unlink": "ce lien ne peut pas être retiré",
    "gather": "l’ordre du jour ne peut pas être complété ainsi",
    "decide": "ce point ne peut pas être décidé",
    "carry": "ce point ne peut pas être remis",
}


def reason_words(reason: Reason) -> str:
    """Say a reason: in the words of the workflow where it has some, else in ours."""
    if reason.text:
        return _MORE[reason.code](reason.text, reason.data) if reason.code in _MORE else reason.text
    known = REASONS.get(reason.code)
    said = known(reason.data) if known else f"Une condition n’est pas remplie ({reason.code})."
    title = reason.data.get("linked")  # the reason is one of a case that the act would open or end
    return f"{title} : {said}" if title else said


def warning_words(text: str) -> str:
    """Say a warning: the sentence of the workflow, or ours where the history keeps its code."""
    known = REASONS.get(text)
    return known({}) if known else text


def error_words(error: JalonError) -> list[str]:
    """Say an error, one line a sentence: what happened and what to do, then every reason or problem."""
    if isinstance(error, DefinitionError):
        return [str(problem) for problem in error.problems]
    if isinstance(error, ActionRefused):
        asked = _BESIDE_ACTS.get(error.action) or f"{quoted(error.action)} n’est pas possible"
        head = f"Refusé : {asked}. Rien n’a été enregistré."
        return [head, *(f"- {reason_words(reason)}" for reason in error.reasons)]
    if isinstance(error, InputError):
        return [input_words(error)]
    return [_sentence(error)(error.data)]


def exit_code(error: JalonError) -> int:
    """Tell bad usage, which names the argument at fault, from all that is refused or fails."""
    return BAD_USAGE if isinstance(error, InputError) and "argument" in error.data else REFUSED


def _sentence(error: JalonError) -> Callable[[Mapping[str, Any]], str]:
    """Find the sentence of an error, or of the kind of error it is."""
    codes = (kind.code for kind in type(error).__mro__ if issubclass(kind, JalonError))
    known = next((ERRORS[code] for code in codes if code in ERRORS), None)
    return known or (lambda _data: f"jalon ne peut pas continuer ({error}).")
