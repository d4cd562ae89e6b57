"""What the object line of a message may read of a case: a telephone shows it to whoever stands near.

The names that are closed in every programme are refused by the renderer itself. Facts depend on what the
workflow declares them to be, so they are judged here.
"""

from ..domain.errors import TemplateError
from ..domain.workflow import Fact, Workflow
from ..notifications.renderer import Renderer

FACTS = "faits."
TELLING_NOTHING = frozenset({"date", "time", "number", "count", "yesno", "done"})
REFERENCES = ("ref_", "numero_")


def closed_to_objects(workflow: Workflow, renderer: Renderer, key: str) -> list[str]:
    """Name the facts that the object of a template reads and should not. Raises TemplateError."""
    read = (name.removeprefix(FACTS) for name in renderer.object_mentions(key) if name.startswith(FACTS))
    return sorted(name for name in read if name in workflow.facts and not _open(name, workflow.facts[name]))


def refuse_closed(workflow: Workflow, renderer: Renderer, key: str) -> None:
    """Refuse a template whose object reads what it should not. Raises TemplateError."""
    closed = closed_to_objects(workflow, renderer, key)
    if closed:
        detail = f"l’objet lit {', '.join(FACTS + name for name in closed)}, qu’un objet ne montre pas."
        raise TemplateError(f"template {key}: refused ({detail})", key=key, reason="refused", detail=detail)


def _open(name: str, fact: Fact) -> bool:
    """Dates, hours, counts and references say nothing of a person; a free text may say anything."""
    if fact.personal or fact.sensitive is not None:
        return False
    return fact.type in TELLING_NOTHING or (fact.type == "text" and name.startswith(REFERENCES))
