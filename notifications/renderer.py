"""Turns a template and the facts of a case into a message, or into one error with its reason."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import Template, TemplateSyntaxError, UndefinedError, nodes

from ..domain.errors import TemplateError
from .context import NAMES, OBJECT_NAMES
from .environment import compiled, house, printable
from .french import pluriel
from .grammar import MAX_SOURCE, Fault, faults
from .layout import page
from .message import Rendered
from .sources import Sources
from .usage import Usage, usage

MAX_OUTPUT = 50_000
MAX_SUBJECT = 200
_KEPT = 256  # templates: those of the package, and of the houses of one process
_OBJECT = re.compile(r"Objet[ \u00a0\u202f]*:")
_FORM = "«\u00a0Objet\u00a0: …\u00a0», puis une ligne vide, puis le texte"
_SANDBOX = "Message d’essai\u00a0: il ne concerne aucun dossier réel."
_MISSED = ("dont le rappel n’a pas pu partir.", "dont les rappels n’ont pas pu partir.")


@dataclass(frozen=True, slots=True)
class _Trees:
    subject: nodes.Template
    body: nodes.Template


@dataclass(frozen=True, slots=True)
class _Compiled:
    subject: Template
    body: Template
    usage: Usage
    object_usage: Usage


@dataclass(frozen=True, slots=True)
class _Examined:
    """A template that was read: what is wrong in it, or what it renders with."""

    faults: tuple[Fault, ...]
    compiled: _Compiled | None


class Renderer:
    """Renders notices; a template of the house's `folders` wins over the packaged one of the same key.

    Each template is read once. Every failure is a TemplateError whose data hold `key`, `reason`
    (missing, unreadable, refused, undefined, value, too_long, subject, empty) and `detail`.
    """

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        self._sources = Sources(folders)
        self._compiled: dict[str, _Compiled] = {}

    def names(self) -> frozenset[str]:
        """Return the keys of all templates."""
        return self._sources.names()

    def check(self, key: str) -> list[str]:
        """List what is wrong with a template, in French for its author; nothing wrong is an empty list."""
        try:
            return [str(fault) for fault in self._examine(key).faults]
        except TemplateError as error:
            return [str(error.data["detail"])]

    def variables(self, key: str) -> frozenset[str]:
        """Return the dotted names a template cannot do without, `faits.date_rdv`; raises TemplateError."""
        return frozenset(self._get(key).usage.required)

    def mentions(self, key: str) -> frozenset[str]:
        """Return every dotted name a template reads, even behind an `is defined`; raises TemplateError."""
        return frozenset(self._get(key).usage.mentioned)

    def object_mentions(self, key: str) -> frozenset[str]:
        """Return every dotted name the object of a template reads; raises TemplateError."""
        return frozenset(self._get(key).object_usage.mentioned)

    def render(self, key: str, context: Mapping[str, object]) -> Rendered:
        """Render the message of a key; raises TemplateError, whatever went wrong."""
        template = self._get(key)
        try:
            subject = _subject(key, _output(key, template.subject, context), context)
            told = "echeance.missed" in template.usage.mentioned
            text = _text(key, _output(key, template.body, context), () if told else _missed(context), context)
            return Rendered(subject, text, page(subject, text))
        except TemplateError:
            raise
        except UndefinedError as fault:
            missing = _missing(template.usage, context)
            raise _error(key, "undefined", ", ".join(missing) or str(fault)) from fault
        except Exception as fault:
            raise _error(key, "value", f"{type(fault).__name__}: {fault}") from fault

    def _get(self, key: str) -> _Compiled:
        if key not in self._compiled:
            found = self._examine(key)
            if found.compiled is None:
                raise _error(key, "refused", "; ".join(str(fault) for fault in found.faults))
            self._compiled[key] = found.compiled
        return self._compiled[key]

    def _examine(self, key: str) -> _Examined:
        try:
            source = self._sources.text(key)
        except (OSError, UnicodeDecodeError) as fault:
            raise _error(key, "unreadable", "le fichier ne peut pas être lu en UTF-8.") from fault
        if source is None:
            raise _error(key, "missing", f"aucun modèle ne porte le nom «\u00a0{key}\u00a0».")
        return _examined(key, source.replace("\r\n", "\n"))


@lru_cache(maxsize=_KEPT)
def _examined(key: str, source: str) -> _Examined:
    """Read a template once for all renderers: the same text gives the same template, and holds no data."""
    trees = _parse(key, source)
    found = tuple(_faults(trees))
    return _Examined(found, None if found else _compile(key, trees))


def _parse(key: str, source: str) -> _Trees:
    """Part the subject from the body in the source, so that no value can end one and begin the other."""
    if len(source) > MAX_SOURCE:
        raise _error(key, "refused", f"le modèle dépasse {MAX_SOURCE} caractères.")
    first, _, rest = source.partition("\n")
    blank, _, body = rest.partition("\n")
    opening = _OBJECT.match(first)
    if opening is None or blank.strip():
        raise _error(key, "refused", f"ligne 1 : attendu {_FORM}.")
    try:
        # two empty lines stand for the object: the lines of the errors are those of the file
        return _Trees(house().parse(first[opening.end() :]), house().parse("\n\n" + body))
    except TemplateSyntaxError as fault:
        raise _error(
            key, "refused", f"ligne {fault.lineno} : le modèle est mal écrit ({fault.message})"
        ) from fault
    except Exception as fault:
        raise _error(key, "refused", f"le modèle ne peut pas être lu ({type(fault).__name__}).") from fault


def _faults(trees: _Trees) -> list[Fault]:
    found = faults(trees.subject, NAMES)
    return (found or _closed(trees.subject)) + faults(trees.body, NAMES)


def _closed(subject: nodes.Template) -> list[Fault]:
    """List what an object reads that a telephone should not show to whoever stands near."""
    read = usage(subject).mentioned
    closed = sorted(name for name in read if name not in OBJECT_NAMES and not name.startswith("faits."))
    return [
        Fault(1, f"l’objet ne peut pas lire « {name} » : il se voit sans ouvrir le message.")
        for name in closed
    ]


def _compile(key: str, trees: _Trees) -> _Compiled:
    subject, body = usage(trees.subject), usage(trees.body)
    read = Usage(subject.mentioned | body.mentioned, subject.required | body.required)
    try:
        return _Compiled(compiled(trees.subject), compiled(trees.body), read, subject)
    except Exception as fault:
        raise _error(
            key, "refused", f"le modèle ne peut pas être compilé ({type(fault).__name__})."
        ) from fault


def _output(key: str, template: Template, context: Mapping[str, object]) -> str:
    pieces: list[str] = []
    size = 0
    for piece in template.generate(context):
        size += len(piece)
        if size > MAX_OUTPUT:
            raise _error(key, "too_long", f"plus de {MAX_OUTPUT} caractères.")
        pieces.append(piece)
    return "".join(pieces)


def _subject(key: str, output: str, context: Mapping[str, object]) -> str:
    line = _one_line(output)
    if not line:
        raise _error(key, "subject", "l’objet est vide.")
    line = _one_line(f"{context.get('environnement') or ''} {line}")
    if len(line) > MAX_SUBJECT:
        raise _error(key, "subject", f"l’objet dépasse {MAX_SUBJECT} caractères.")
    return line


def _one_line(text: str) -> str:
    return re.sub(r"[ \n\t]+", " ", printable(text)).strip()


def _missed(context: Mapping[str, object]) -> tuple[str, ...]:
    """Say which dates a message speaks for after an outage, where its template does not say it itself."""
    dated = context.get("echeance")
    count = dated.get("missed", 0) if isinstance(dated, Mapping) else 0
    if not count:
        return ()
    return (f"Avant cette échéance\u00a0: {pluriel(count, 'manquée', 'manquées')}, {_MISSED[count > 1]}",)


def _text(key: str, output: str, notes: Sequence[str], context: Mapping[str, object]) -> str:
    lines = "\n".join(line.rstrip() for line in output.split("\n"))
    body = re.sub(r"\n{3,}", "\n\n", lines).strip()
    if not body:
        raise _error(key, "empty", "le texte est vide.")
    return "\n\n".join((body, *notes, *((_SANDBOX,) if context.get("bac_a_sable") else ()))) + "\n"


def _missing(read: Usage, context: Mapping[str, object]) -> list[str]:
    return sorted(path for path in read.required if not _given(path, context))


def _given(path: str, context: Mapping[str, object]) -> bool:
    root, _, name = path.partition(".")
    value = context.get(root)
    return root in context and (not name or (isinstance(value, Mapping) and name in value))


def _error(key: str, reason: str, detail: str) -> TemplateError:
    return TemplateError(f"template {key}: {reason} ({detail})", key=key, reason=reason, detail=detail)
