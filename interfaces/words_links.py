"""The French sentences of the reasons about linked cases, and about people who would have two homes."""

from collections.abc import Callable, Mapping
from typing import Any

from .french import listed, long_day, quoted

Data = Mapping[str, Any]


def _link(data: Data) -> str:
    return quoted(data.get("label") or data.get("link", "?"))


def _unknown(data: Data) -> str:
    known = data.get("links") or ()
    which = f" ; il a {listed(map(quoted, known), 'ou')}" if known else ""
    return f"Ce programme n’a pas de lien {quoted(data.get('link', '?'))}{which}."


def _annul(data: Data) -> str:
    named = zip(data.get("cases", ()), data.get("labels", ()), strict=False)
    cases = listed(f"{number} ({title})" for number, title in named) or "un dossier"
    return f"Cet acte a ouvert {cases}, qui est en cours : le terminer d’abord, ou retirer le lien (jalon unlink)."


def _housed(data: Data) -> str:
    where = [f"dossier {number}" for number in data.get("cases", ())]
    if data.get("elsewhere") or not where:
        where.append("dans une autre maison")
    what = "un lit de soins" if data.get("kind") == "care" else "un logement ou un hébergement"
    return f"Une personne de ce dossier a déjà {what} : {listed(where, 'et')}."


def _twice(data: Data) -> str:
    where = [f"dossier {number}" for number in data.get("cases", ())]
    if data.get("elsewhere"):
        where.append("dans une autre maison")
    told = f" ({listed(where, 'et')})" if where else ""
    return (
        f"Une personne de ce dossier est déjà logée, hébergée ou soignée ailleurs{told} : "
        "voir lequel des deux dossiers est à jour."
    )


def _differs(data: Data) -> str:
    facts = listed(map(quoted, data.get("labels") or data.get("facts") or ("?",)), "et", most=None)
    return (
        f"Le lien {_link(data)} remplacerait des données de l’autre dossier qui ne sont pas les mêmes : {facts}. "
        f"Vérifier que ce sont les mêmes personnes, puis rectifier l’un des deux."
    )


def _left_out(data: Data) -> str:
    facts = listed(map(quoted, data.get("labels", ())), "et", most=None)
    which = f" : {facts}" if facts else ""
    return f"Le dossier ouvert ne reprend pas tout, son programme a changé{which}."


def _workflow(data: Data) -> str:
    case, title = data.get("case", "?"), data.get("title", "?")
    return f"Le dossier {case} ({title}) n’est pas d’un programme que prend le lien {_link(data)}."


def _ambiguous(data: Data) -> str:
    acts = listed(map(quoted, data.get("actions") or ("?",)), "ou")
    return f"Le lien {_link(data)} ne dit pas par quel acte ouvrir : {acts} (opens_by)."


LINKS: Mapping[str, Callable[[Data], str]] = {
    "link_unregistered": lambda data: (
        f"Le programme {quoted(data.get('workflow', '?'))}, que cet acte ouvre, n’est pas enregistré dans cette base."
    ),
    "link_ambiguous": _ambiguous,
    "link_loop": lambda data: f"Le lien {_link(data)} ouvrirait des dossiers sans fin.",
    "link_unknown": _unknown,
    "link_workflow": _workflow,
    "link_itself": lambda _: "Un dossier ne se lie pas à lui-même.",
    "link_exists": lambda data: f"Le lien {_link(data)} avec {data.get('case', '?')} existe déjà.",
    "link_none": lambda data: f"Il n’y a pas de lien {_link(data)} avec {data.get('case', '?')}.",
    "link_before_opening": lambda data: (
        f"Le {long_day(data.get('on', '?'))} précède l’ouverture de {data.get('case', '?')}, "
        f"le {long_day(data.get('opened_on', '?'))}."
    ),
    "annul_linked": _annul,
    "already_housed": _housed,
    "link_differs": _differs,
    "link_left_out": _left_out,
    "link_older": lambda _: (
        "Le dossier est ouvert dans une version plus ancienne de son programme : la plus récente n’accepte plus ce que "
        "ce dossier-ci donne."
    ),
    "overlap_home": _twice,
    "overlap_past": lambda _: (
        "Une personne de ce dossier était encore logée, hébergée ou soignée ailleurs ce jour-là : vérifier les dates."
    ),
    "overlap_care": lambda _: (
        "Une personne de ce dossier a en même temps un logement ou un hébergement et un lit de soins : "
        "voir si le premier est gardé."
    ),
    "overlap_name": lambda _: (
        "Une personne du même nom est logée ou hébergée ailleurs : vérifier que ce n’est pas elle."
    ),
}
