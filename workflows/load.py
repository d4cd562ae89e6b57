"""Documents found, read, compiled and checked."""

from functools import cache
from importlib import resources
from pathlib import Path

from ..domain.errors import DefinitionError, Problem
from ..domain.workflow import Workflow
from .check import check
from .compile import compile_workflow, digest
from .merge import merge
from .reader import Document, read, read_file
from .report import Report

COMMON = "commun"


def load(source: str | Path) -> Workflow:
    """Load a workflow from a file, or from the shipped catalogue by its name.

    Raises DefinitionError with every fault of the document, each with its line and column.
    """
    workflow, problems = examine(source)
    if workflow is None or problems:
        raise DefinitionError(problems)
    return workflow


def examine(source: str | Path) -> tuple[Workflow | None, list[Problem]]:
    """Load a workflow and give all its faults, rather than raise them."""
    path = Path(source)
    if path.exists() or path.parent != Path():
        document = read_file(path)
    else:
        document = _shipped(path.name.removesuffix(".yaml"))
    return _examine(document, path.parent)


def loads(text: str, file: str = "…") -> Workflow:
    """Load a workflow from its text; fragments come from the shipped ones. Raises DefinitionError."""
    workflow, problems = _examine(read(text, file), None)
    if workflow is None or problems:
        raise DefinitionError(problems)
    return workflow


def _examine(document: Document, folder: Path | None) -> tuple[Workflow | None, list[Problem]]:
    report = Report(document)
    merged = merge(document, lambda name: _fragment(name, folder), report)
    if merged is None:
        return None, report.problems
    workflow = compile_workflow(merged, report)
    if not report.problems:
        check(workflow, merged, report)
    workflow = workflow.model_copy(update={"digest": digest(workflow)})
    return workflow, report.problems


def catalogue() -> tuple[str, ...]:
    """Name the shipped workflows."""
    files = (resources.files(__package__) / "catalogue").iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml")))


def _fragment(name: str, folder: Path | None) -> Document | None:
    """A house's own fragments stand beside its document; those of the catalogue serve everyone."""
    if not name.replace("_", "").isalnum():
        return None
    if folder is not None and (folder / COMMON / f"{name}.yaml").is_file():
        return read_file(folder / COMMON / f"{name}.yaml")
    text = _packaged(f"{COMMON}/{name}.yaml")
    return None if text is None else read(text, f"{COMMON}/{name}.yaml")


def _shipped(name: str) -> Document:
    text = _packaged(f"{name}.yaml") if name.replace("_", "").isalnum() else None
    if text is None:
        known = ", ".join(catalogue())
        sentence = f"ni fichier ni parcours livré de ce nom (parcours livrés : {known})"
        raise DefinitionError([Problem(name, 1, 1, sentence, "not_found")])
    return read(text, f"{name}.yaml")


@cache
def _packaged(name: str) -> str | None:
    file = resources.files(__package__) / "catalogue"
    for part in name.split("/"):
        file = file / part
    return file.read_text("utf-8") if file.is_file() else None
