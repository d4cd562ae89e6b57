"""Documents of workflows, and the templates that they name: where workflows and notifications meet.

None of this needs a database. What is heavy is imported when it is asked for.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from ..domain.errors import Problem
from ..domain.workflow import Workflow

Fault = tuple[tuple[str | int, ...], str, str]
"""Where something is wrong in a document, a French sentence, and its code."""


def check_document(
    source: str | Path, templates: Path | None = None, guards: Iterable[str] = ()
) -> tuple[Workflow | None, list[Problem]]:
    """Read and check a document with the templates and guards it names; give its workflow and every fault.

    `source` is a file or the name of a shipped workflow, `templates` the folder of the house's own templates,
    `guards` the names of the guards that the house brings. There is no workflow where the document cannot be
    read. Raises InputError on a folder amiss.
    """
    from ..workflows.guards import GUARDS
    from ..workflows.load import examine

    workflow, problems = examine(source, [*GUARDS, *guards])
    faults = list(_template_faults(workflow, templates)) if workflow is not None else []
    if faults:
        problems = [*{*problems, *_placed(source, faults)}]
    return workflow, sorted(problems)


def check_templates(folder: Path, named: Collection[str] = ()) -> dict[str, list[Problem]]:
    """Give what is wrong in each file of a house's templates, but those `named`, which documents answer for.

    Raises InputError on a folder amiss.
    """
    from ..notifications.renderer import Renderer
    from ..notifications.sources import SUFFIX

    renderer = Renderer([folder])
    files = {path.name.removesuffix(SUFFIX): path for path in sorted(folder.glob(f"*{SUFFIX}"))}
    return {
        str(path): [_in_template(path, fault) for fault in renderer.check(key)]
        for key, path in files.items()
        if key not in named
    }


def _in_template(path: Path, fault: str) -> Problem:
    """Place a fault at the line of the template that it begins by naming."""
    found = re.match(r"ligne (\d+) : ", fault)
    line = int(found[1]) if found else 1
    return Problem(str(path), line, 1, (fault[found.end() :] if found else fault).rstrip("."), "template")


def load(source: str | Path) -> Workflow:
    """Load a workflow from a file, or from the shipped catalogue by its name. Raises DefinitionError."""
    from ..workflows.load import load as load_workflow

    return load_workflow(source)


def catalogue() -> tuple[str, ...]:
    """Name the shipped workflows."""
    from ..workflows.load import catalogue as shipped

    return shipped()


def schema() -> dict[str, Any]:
    """Give the JSON Schema of the language, for editors."""
    from ..workflows.schema import json_schema

    return json_schema()


def describe(workflow: Workflow, source: str | Path | None = None) -> dict[str, Any]:
    """Describe a workflow as plain data: states, actions, deadlines, settings.

    `source` is where it was found: what it is linked to is looked for there, and its states told by their labels.
    """
    from ..workflows.load import linked_to
    from ..workflows.show import describe as described

    return described(workflow, {} if source is None else linked_to(workflow, source))


def mermaid(workflow: Workflow) -> str:
    """Draw a workflow as a Mermaid diagram."""
    from ..workflows.diagram import mermaid as drawn

    return drawn(workflow)


def svg(workflow: Workflow) -> str:
    """Draw a workflow as an SVG picture."""
    from ..workflows.diagram import svg as drawn

    return drawn(workflow)


def missing_templates(workflow: Workflow, templates: Path | None = None) -> list[Problem]:
    """List what is wrong with the templates of a workflow whose document is not at hand."""
    faults = _template_faults(workflow, templates)
    return [Problem(workflow.workflow, 1, 1, text, code) for _, text, code in faults]


def _template_faults(workflow: Workflow, templates: Path | None) -> Iterator[Fault]:
    """Give the notices whose template does not exist, is badly written, or asks for a fact nobody declares."""
    from ..notifications.renderer import Renderer
    from .objects import FACTS, closed_to_objects

    renderer = Renderer([templates] if templates else [])
    for key in workflow.notices:
        path = ("notices", key)
        if key not in renderer.names():
            yield path, f"aucun modèle de message ne porte le nom « {key} »", "template"
            continue
        faults = renderer.check(key)
        for fault in faults:
            yield path, f"modèle « {key} » : {fault.rstrip('.')}", "template"
        for name in sorted(renderer.variables(key)) if not faults else ():
            fact = name.removeprefix(FACTS)
            if fact != name and fact not in workflow.facts:
                text = f"le modèle « {key} » lit la donnée « {fact} », que le programme ne déclare pas"
                yield path, text, "template"
        for fact in closed_to_objects(workflow, renderer, key) if not faults else ():
            text = f"l’objet du modèle « {key} » lit la donnée « {fact} », qu’un objet ne montre pas"
            yield path, text, "template"


def _placed(source: str | Path, faults: list[Fault]) -> list[Problem]:
    """Place each fault in the document or the fragment that writes it; both are read again, faults being rare."""
    from ..workflows.load import fragment, main_document
    from ..workflows.merge import merge
    from ..workflows.report import Report

    path = Path(source)
    report = Report(main_document(path))
    merge(report.main, lambda name: fragment(name, path.parent), report)
    for place, text, code in faults:
        report.add(place, text, code=code, key=True)
    return report.problems
