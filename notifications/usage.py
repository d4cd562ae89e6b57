"""Which names a template reads, and which of them it cannot do without."""

from dataclasses import dataclass, field

from jinja2 import nodes


@dataclass(slots=True)
class Usage:
    """The dotted names a template reads: all of them, and those read where nothing proves them defined."""

    mentioned: set[str] = field(default_factory=set)
    required: set[str] = field(default_factory=set)


def usage(tree: nodes.Template) -> Usage:
    """Read a tree that the grammar has accepted: its depth is bounded, its paths have one or two names."""
    found = Usage()
    _visit(tree, frozenset(), frozenset(), found)
    return found


def _visit(node: nodes.Node, proven: frozenset[str], bound: frozenset[str], found: Usage) -> None:
    if isinstance(node, nodes.Name | nodes.Getattr):
        _read(node, proven, bound, found)
    elif isinstance(node, nodes.Test):
        found.mentioned |= {path for path in [path_of(node.node)] if _root(path) not in bound}
    elif isinstance(node, nodes.If):
        _branches(node, proven, bound, found)
    elif isinstance(node, nodes.CondExpr):
        _visit(node.test, proven, bound, found)
        _visit(node.expr1, proven | proves(node.test, truth=True), bound, found)
        if node.expr2:
            _visit(node.expr2, proven | proves(node.test, truth=False), bound, found)
    elif isinstance(node, nodes.And | nodes.Or):
        # the right side is read only when the left one was true (and) or false (or)
        _visit(node.left, proven, bound, found)
        known = proves(node.left, truth=isinstance(node, nodes.And))
        _visit(node.right, proven | known, bound, found)
    elif isinstance(node, nodes.For):
        _loop(node, proven, bound, found)
    else:
        for child in node.iter_child_nodes():
            _visit(child, proven, bound, found)


def _branches(node: nodes.If, proven: frozenset[str], bound: frozenset[str], found: Usage) -> None:
    for branch in [node, *node.elif_]:
        _visit(branch.test, proven, bound, found)
        for child in branch.body:
            _visit(child, proven | proves(branch.test, truth=True), bound, found)
        proven |= proves(branch.test, truth=False)
    for child in node.else_:
        _visit(child, proven, bound, found)


def _loop(node: nodes.For, proven: frozenset[str], bound: frozenset[str], found: Usage) -> None:
    _visit(node.iter, proven, bound, found)
    for child in node.else_:
        _visit(child, proven, bound, found)
    inner = bound | {path_of(node.target), "loop"}
    for child in [*node.body, *([node.test] if node.test else [])]:
        _visit(child, proven, inner, found)


def _read(node: nodes.Node, proven: frozenset[str], bound: frozenset[str], found: Usage) -> None:
    path = path_of(node)
    if _root(path) in bound:
        return
    found.mentioned.add(path)
    if path not in proven and _root(path) not in proven:
        found.required.add(path)


def proves(test: nodes.Node, *, truth: bool) -> frozenset[str]:
    """Name what is certainly defined when the test is true, or when it is false."""
    if isinstance(test, nodes.Not):
        return proves(test.node, truth=not truth)
    if isinstance(test, nodes.Test):
        return frozenset({path_of(test.node)} if (test.name == "defined") is truth else ())
    if isinstance(test, nodes.And if truth else nodes.Or):
        return proves(test.left, truth=truth) | proves(test.right, truth=truth)
    return frozenset()


def path_of(node: nodes.Node) -> str:
    """Write a name or a name and its key as text; anything else has no path."""
    if isinstance(node, nodes.Name):
        return node.name
    if isinstance(node, nodes.Getattr):
        return f"{path_of(node.node)}.{node.attr}"
    return ""


def _root(path: str) -> str:
    return path.split(".", 1)[0]
