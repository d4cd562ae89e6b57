"""What a house's template may contain: a whitelist over Jinja's syntax tree.

Jinja's sandbox stops escapes, not exhaustion: `'a' * 10**9`, a macro that calls itself or ten nested loops
are legal there. Here nothing multiplies, nothing calls, nothing binds but a loop over a given list, so that
the work is bounded by the template's size and the data.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jinja2 import nodes

FILTERS = frozenset({"date_longue", "date_courte", "heure", "pluriel", "relatif", "liste", "length"})
TESTS = frozenset({"defined", "undefined"})
LOOP = frozenset({"index", "first", "last", "length"})
MAX_SOURCE = 20_000
MAX_DEPTH = 30
MAX_LOOPS = 10
MAX_NESTED = 2

_Names = Mapping[str, frozenset[str] | None]

_ALLOWED = frozenset(
    {
        nodes.Template,
        nodes.Output,
        nodes.TemplateData,
        nodes.Const,
        nodes.Name,
        nodes.Getattr,
        nodes.If,
        nodes.For,
        nodes.CondExpr,
        nodes.And,
        nodes.Or,
        nodes.Not,
        nodes.Neg,
        nodes.Compare,
        nodes.Operand,
        nodes.Filter,
        nodes.Test,
        nodes.Concat,
        nodes.Add,
        nodes.Sub,
        nodes.List,
    }
)

_NAMED = {
    "Call": "un appel",
    "Macro": "une macro",
    "CallBlock": "un bloc « call »",
    "FilterBlock": "un bloc « filter »",
    "Include": "l’inclusion d’un autre fichier",
    "Import": "l’import d’un autre fichier",
    "FromImport": "l’import d’un autre fichier",
    "Extends": "l’héritage d’un autre fichier",
    "Block": "un bloc nommé",
    "Assign": "« set »",
    "AssignBlock": "« set »",
    "With": "« with »",
    "Getitem": "l’indexation par crochets",
    "Mul": "la multiplication",
    "Pow": "la puissance",
    "Mod": "l’opérateur %",
    "Div": "la division",
    "FloorDiv": "la division",
    "Tuple": "un n-uplet",
    "Dict": "un dictionnaire",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing a template may not do: its line, and a French sentence for its author."""

    line: int
    text: str

    def __str__(self) -> str:
        return f"ligne {self.line} : {self.text}"


@dataclass(frozen=True, slots=True)
class _Place:
    """A node, how deep it stands, and the loop variables it can read."""

    node: nodes.Node
    depth: int
    bound: tuple[str, ...]

    def child(self, node: nodes.Node, *bound: str) -> "_Place":
        return _Place(node, self.depth + 1, self.bound + bound)


def faults(tree: nodes.Template, names: _Names) -> list[Fault]:
    """List everything in the tree that is not permitted; an empty list means it may be compiled."""
    found: list[Fault] = []
    loops = 0
    pending = [_Place(tree, 0, ())]
    while pending:
        place = pending.pop()
        text = _refusal(place, names)
        loops += isinstance(place.node, nodes.For)
        if text:
            found.append(Fault(place.node.lineno, text))
        else:
            pending.extend(_children(place))
    if loops > MAX_LOOPS:
        found.append(Fault(1, f"plus de {MAX_LOOPS} boucles."))
    return sorted(found, key=lambda fault: fault.line)


def _children(place: _Place) -> Iterator[_Place]:
    node = place.node
    if not isinstance(node, nodes.For):
        yield from (place.child(child) for child in node.iter_child_nodes())
        return
    assert isinstance(node.target, nodes.Name)  # noqa: S101 - `_for` has refused the rest; this tells mypy
    yield place.child(node.iter)
    yield from (place.child(child) for child in node.else_)
    inside = [*node.body, *([node.test] if node.test else [])]
    yield from (place.child(child, node.target.name) for child in inside)


def _refusal(place: _Place, names: _Names) -> str:
    node = place.node
    if place.depth > MAX_DEPTH:
        return "trop d’expressions imbriquées."
    if type(node) not in _ALLOWED:
        kind = type(node).__name__
        return f"{_NAMED.get(kind, kind)} n’est pas permis dans un modèle."
    if isinstance(node, nodes.Filter | nodes.Test):
        return _filter(node)
    if isinstance(node, nodes.Name):
        return _name(node, place, names)
    if isinstance(node, nodes.Getattr):
        return _getattr(node, place, names)
    if isinstance(node, nodes.For):
        return _for(node, place, names)
    if isinstance(node, nodes.List) and not all(isinstance(item, nodes.Const) for item in node.items):
        return "une liste écrite dans le modèle ne contient que des constantes."
    return ""


def _filter(node: nodes.Filter | nodes.Test) -> str:
    known = FILTERS if isinstance(node, nodes.Filter) else TESTS
    if node.name not in known:
        return f"« {node.name} » n’est pas permis ; sont permis : {', '.join(sorted(known))}."
    if node.dyn_args or node.dyn_kwargs or node.kwargs:
        return f"« {node.name} » ne prend que des arguments simples."
    if isinstance(node, nodes.Test) and not isinstance(node.node, nodes.Name | nodes.Getattr):
        return f"« is {node.name} » porte sur un nom, comme faits.lieu_rdv."
    return ""


def _name(node: nodes.Name, place: _Place, names: _Names) -> str:
    known = node.name in names or node.name in place.bound or (node.name == "loop" and place.bound)
    return "" if known else f"« {node.name} » n’est pas un nom connu."


def _getattr(node: nodes.Getattr, place: _Place, names: _Names) -> str:
    if not isinstance(node.node, nodes.Name):
        return f"« .{node.attr} » : un nom et une clé au plus, comme dossier.numero."
    root = node.node.name
    keys = LOOP if root == "loop" else names.get(root) if root not in place.bound else None
    if keys is not None and node.attr not in keys:
        return f"« {root}.{node.attr} » n’existe pas ; existent : {', '.join(sorted(keys))}."
    return ""


def _for(node: nodes.For, place: _Place, names: _Names) -> str:
    if node.recursive:
        return "une boucle récursive n’est pas permise."
    if not isinstance(node.target, nodes.Name):
        return "une boucle nomme une seule variable."
    if node.target.name in {*names, "loop", *place.bound}:
        return f"« {node.target.name} » a déjà un sens : donner un autre nom à la variable de la boucle."
    if not isinstance(node.iter, nodes.Name | nodes.Getattr):
        return "une boucle parcourt une liste donnée, telle quelle."
    if len(place.bound) >= MAX_NESTED:
        return f"plus de {MAX_NESTED} boucles imbriquées."
    return ""
