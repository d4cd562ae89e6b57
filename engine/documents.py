"""Documents of workflows, and the templates that they name: where workflows and notifications meet.

None of this needs a database. What is heavy is imported when it is asked for.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..domain.errors import DefinitionError, Problem, TemplateError
from ..domain.workflow import Workflow

FACTS = "faits."


def check_document(
    source: str | Path, templates: Path | None = None
) -> tuple[Workflow | None, list[Problem]]:
    """Read and check a document with the templates it names, and give its workflow and every fault.

    `source` is a file or the name of a shipped workflow, `templates` the folder of the house's own templates.
    There is no workflow where the document cannot be read. Raises InputError on a folder amiss.
    """
    from ..workflows.load import examine

    try:
        workflow, problems = examine(source)
    except DefinitionError as error:
        return None, list(error.problems)
    if workflow is not None and not problems:
        faults = list(_template_faults(workflow, templates))
        problems = _placed(source, faults) if faults else []
    return workflow, sorted(problems)


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


def describe(workflow: Workflow) -> dict[str, Any]:
    """Describe a workflow as plain data: states, actions, deadlines, settings."""
    from ..workflows.show import describe as described

    return described(workflow)


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
    return [Problem(workflow.workflow, 1, 1, text, "template") for _, text in faults]


def _template_faults(workflow: Workflow, templates: Path | None) -> Iterator[tuple[str, str]]:
    """Give the notices whose template does not exist, is badly written, or asks for a fact nobody declares."""
    from ..notifications.renderer import Renderer

    renderer = Renderer([templates] if templates else [])
    for key in workflow.notices:
        for fault in renderer.check(key):
            yield key, f"modèle « {key} » : {fault.rstrip('.')}"
        try:
            asked = renderer.variables(key)
        except TemplateError:
            continue  # said just above
        for name in sorted(asked):
            fact = name.removeprefix(FACTS)
            if fact != name and fact not in workflow.facts:
                yield key, f"le modèle « {key} » lit la donnée « {fact} », que le programme ne déclare pas"


def _placed(source: str | Path, faults: list[tuple[str, str]]) -> list[Problem]:
    """Place each fault at its notice, in the document or the fragment that writes it; read again, being rare."""
    from ..workflows.load import _fragment, _shipped
    from ..workflows.merge import merge
    from ..workflows.reader import read_file
    from ..workflows.report import Report

    path = Path(source)
    is_file = path.exists() or path.parent != Path()
    report = Report(read_file(path) if is_file else _shipped(path.name.removesuffix(".yaml")))
    merge(report.main, lambda name: _fragment(name, path.parent), report)
    for key, text in faults:
        report.add(("notices", key), text, code="template", key=True)
    return report.problems
