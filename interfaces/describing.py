"""A workflow told to people, from its description as data: the path, who does what, what is dated, what is set."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from ..domain.figures import plain_words
from .french import listed

Data = Mapping[str, Any]
INNER = "    "
PLACED = {
    "promise": "la réserve", "occupy": "la prend", "keep": "la garde", "to_free": "la laisse à libérer",
    "free": "la rend",
}  # fmt: skip
ENDS = {
    "continue": "continue", "ask": "reste, et l’on demande quoi en faire", "close": "se termine aussi",
}  # fmt: skip


def lines(described: Data) -> Iterator[str]:
    """Tell a workflow, an element a line, its details indented below, under a heading for each section."""
    labels = {state["name"]: state["label"] for state in described["states"]}
    yield f"{described['title']} ({described['workflow']}, version {described['version']})"
    sections: tuple[tuple[str, Iterator[str]], ...] = (
        ("États", _states(described)),
        ("Actes", _actions(described["actions"], labels)),
        ("Échéances", _deadlines(described["deadlines"])),
        ("Place", _place(described["place"])),
        ("Liens", _links(described["links"])),
        ("Pièces", _papers(described["documents"])),
        ("Réglages de la maison", _parameters(described["parameters"])),
    )
    for heading, told in sections:
        found = list(told)
        if found:
            yield ""
            yield heading
            yield from (f"  {line}" for line in found)


def _states(described: Data) -> Iterator[str]:
    by_name = {state["name"]: state for state in described["states"]}
    for phase in described["phases"]:
        yield phase["name"]
        yield from (f"  {_named(by_name[name])} : {_awaited(by_name[name])}" for name in phase["states"])


def _awaited(state: Data) -> str:
    if state["terminal"]:
        return "fin du parcours"
    who = (
        f"au tour de {listed(state['turn_labels'], 'ou')}"
        if state["turn_labels"]
        else "personne n’est attendu"
    )
    return f"{who} ; sans échéance : {state['sans_echeance']}" if state["sans_echeance"] else who


def _actions(actions: Iterable[Data], labels: Mapping[str, str]) -> Iterator[str]:
    for action in actions:
        yield f"{_named(action)} : {_path(action, labels)}"
        yield f"{INNER}par : {listed(action['by_labels'], 'ou') or 'personne'}"
        if action["form"]:
            asked = (
                f"{field['label']}{'' if field['required'] else ' (facultatif)'}" for field in action["form"]
            )
            yield f"{INNER}demande : {' ; '.join(asked)}"
        if action["effective"]:
            yield f"{INNER}prend effet le jour dit par : {action['effective_label']}"
        yield from (f"{INNER}exige : {condition['asks']}" for condition in action["conditions"])
        if action["place"]:
            yield f"{INNER}place : {PLACED[action['place']]}"
        if action["opens"]:
            yield f"{INNER}ouvre un dossier lié : {listed(action['opens'])}"


def _path(action: Data, labels: Mapping[str, str]) -> str:
    target = "état précédent" if action["to"] == "previous" else labels.get(action["to"] or "", action["to"])
    if "start" in action["from"]:
        return f"ouvre un dossier → {target}"
    if action["to"]:
        return f"{_any(action['from'], labels)} → {target}"
    where = "tous les états" if action["in"] == ["any"] else _any(action["in"], labels)
    return f"sans changer d’état, dans {where}"


def _any(names: Iterable[str], labels: Mapping[str, str]) -> str:
    return listed((labels.get(name, name) for name in names), "ou", most=None)


def _deadlines(deadlines: Iterable[Data]) -> Iterator[str]:
    for deadline in deadlines:
        yield f"{_named(deadline)} : {deadline['rule']}"
        yield from (f"{INNER}{clause}" for clause in deadline["clauses"])
        yield from (f"{INNER}{rung['says']}" for rung in deadline["ladder"])
        if deadline["basis"]:
            yield f"{INNER}source : {deadline['basis']}"


def _place(place: Data | None) -> Iterator[str]:
    """Tell what a case takes, and what makes it suitable."""
    if place is not None:
        yield f"{place['kind']}, nommé par la donnée {place['fact']}"
        yield from (f"convient sauf si : {fit['refusal']}" for fit in place["fits"])


def _links(links: Iterable[Data]) -> Iterator[str]:
    for link in links:
        workflows = listed(link["workflow"], "ou")
        if link["reverse"]:
            yield f"{_named(link)} : un dossier {workflows}, lié à celui-ci"
        else:
            yield f"{_named(link)} : un dossier {workflows} ; quand celui-ci se termine, il {ENDS[link['ends']]}"


def _papers(papers: Iterable[Data]) -> Iterator[str]:
    for paper in papers:
        marks = ["facultative"] if paper["optional"] else []
        marks += ["à signer"] if paper["signed"] else []
        marks += [f"valable {paper['valid']}"] if paper["valid"] else []
        yield f"{_named(paper)}{f' : {listed(marks)}' if marks else ''}"


def _parameters(parameters: Iterable[Data]) -> Iterator[str]:
    for parameter in parameters:
        yield f"{parameter['name']} = {plain_words(parameter['default'])} : {parameter['label']}"


def _named(element: Data) -> str:
    return f"{element['label']} ({element['name']})"
