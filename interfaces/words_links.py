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
    return f"Une personne de ce dossier a déjà un logement ou un hébergement : {listed(where, 'et')}."


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
    "overlap_care": lambda _: (
        "Une personne de ce dossier a aussi un lit de soins ou un logement gardé ailleurs : voir ce qu’il en est."
    ),
    "overlap_name": lambda _: (
        "Une personne du même nom est logée ou hébergée ailleurs : vérifier que ce n’est pas elle."
    ),
}
