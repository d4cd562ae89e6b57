"""Documents found, read, compiled and checked."""

from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path

from ..domain.errors import DefinitionError, Problem
from ..domain.workflow import Workflow
from .check import check, check_guards
from .check_linked import check_linked
from .compile import compile_workflow, digest
from .merge import merge
from .reader import Document, read, read_file
from .report import Report, shown

COMMON = "commun"
LONGEST_NAME = 64


def load(source: str | Path) -> Workflow:
    """Load a workflow from a file, or from the shipped catalogue by its name.

    Guards it names are not looked for: the host may bring its own. Raises DefinitionError with every fault of
    the document, each with its line and column.
    """
    return _sound(examine(source))


def loads(text: str | bytes, file: str = "…") -> Workflow:
    """Load a workflow from its text; fragments come from the shipped ones. Raises DefinitionError."""
    try:
        document = read(text, file)
    except DefinitionError as error:
        return _sound((None, list(error.problems)))
    return _sound(_examine(document, None, None))


def examine(source: str | Path, guards: Iterable[str] | None = None) -> tuple[Workflow | None, list[Problem]]:
    """Load a workflow and give all its faults, rather than raise them.

    Where `guards` are given, a condition that names another is a fault. There is no workflow where the document
    cannot be read.
    """
    path = Path(source)
    try:
        document = main_document(path)
    except DefinitionError as error:
        return None, list(error.problems)
    return _examine(document, path.parent, guards)


def main_document(path: Path) -> Document:
    """Read the document of a path, or the shipped one of that name. Raises DefinitionError."""
    return read_file(path) if _is_path(path) else _shipped(path.name.removesuffix(".yaml"))


def _is_path(path: Path) -> bool:
    try:
        return path.is_file() or path.parent != Path() or not path.name  # `.` has no name
    except OSError:  # a name too long to be one
        return False


def _sound(found: tuple[Workflow | None, list[Problem]]) -> Workflow:
    workflow, problems = found
    if workflow is None or problems:
        raise DefinitionError(problems)
    return workflow


def _examine(
    document: Document, folder: Path | None, guards: Iterable[str] | None
) -> tuple[Workflow | None, list[Problem]]:
    report = Report(document)
    merged = merge(document, lambda name: fragment(name, folder), report)
    if merged is None:
        return None, report.problems
    workflow = compile_workflow(merged, report)
    check(workflow, merged, report)
    if guards is not None:
        check_guards(workflow, guards, report)
        check_linked(workflow, lambda name: _beside(name, folder), report)
    return workflow.model_copy(update={"digest": digest(workflow)}), report.problems


def _beside(name: str, folder: Path | None) -> Workflow | None:
    """Find another workflow: its document beside this one, or the shipped one; a house's own may stand elsewhere."""
    if not _is_name(name):
        return None
    beside = folder / f"{name}.yaml" if folder is not None else None
    try:
        document = read_file(beside) if beside is not None and beside.is_file() else _shipped(name)
    except DefinitionError:
        return None
    return _examine(document, folder, None)[0]


def linked_to(workflow: Workflow, source: str | Path) -> dict[str, Workflow]:
    """Give, by their names, the other workflows to which one is linked, as found from where it was."""
    folder = Path(source).parent
    names = {name for link in workflow.links.values() for name in link.workflow}
    found = {name: _beside(name, folder) for name in sorted(names)}
    return {name: other for name, other in found.items() if other is not None}


def catalogue() -> tuple[str, ...]:
    """Name the shipped workflows."""
    files = (resources.files(__package__) / "catalogue").iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml")))


def fragment(name: str, folder: Path | None) -> Document | None:
    """A house's own fragments stand beside its document; those of the catalogue serve everyone."""
    if not _is_name(name):
        return None
    if folder is not None and (folder / COMMON / f"{name}.yaml").is_file():
        return read_file(folder / COMMON / f"{name}.yaml")
    text = _packaged(f"{COMMON}/{name}.yaml")
    return None if text is None else read(text, f"{COMMON}/{name}.yaml")


def _shipped(name: str) -> Document:
    text = _packaged(f"{name}.yaml") if _is_name(name) else None
    if text is None:
        known = ", ".join(catalogue())
        sentence = f"ni fichier ni parcours livré de ce nom (parcours livrés : {known})"
        raise DefinitionError([Problem(shown(name), 1, 1, sentence, "not_found")])
    return read(text, f"{name}.yaml")


def _is_name(name: str) -> bool:
    return len(name) <= LONGEST_NAME and name.isascii() and name.replace("_", "").isalnum()


@cache
def _packaged(name: str) -> str | None:
    file = resources.files(__package__) / "catalogue"
    for part in name.split("/"):
        file = file / part
    return file.read_text("utf-8") if file.is_file() else None
