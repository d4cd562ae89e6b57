"""A workflow kept and read back: its compiled form as JSON, under the digest that it carries."""

from ..domain.workflow import Workflow


def dump(workflow: Workflow) -> str:
    """Give the compiled form as JSON, what has its default left out."""
    return workflow.model_dump_json(exclude_defaults=True)


def restore(text: str) -> Workflow:
    """Read a compiled form back: the equal of the workflow that was dumped. It is trusted, and not checked again."""
    return Workflow.model_validate_json(text)
