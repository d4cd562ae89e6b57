"""What stories show of a workflow, and what they leave in the dark."""

from pathlib import Path

from support.cli import jalon
from support.little import STORY, write

REFUSED = STORY.replace(
    "      state: recue\n", "      state: recue\n      refused: {clore: fact_condition}\n"
)


def test_what_was_shown_is_counted_and_what_was_not_is_listed(tmp_path: Path) -> None:
    said = jalon("scenario", str(write(tmp_path)), "--coverage")
    assert said.code == 0
    assert said.lines[1:] == [
        "",
        "Ce que les récits montrent de demande :",
        "  transitions prises               2 sur   2  100 %",
        "  actes sans changement d’état     1 sur   1  100 %",
        "  conditions qui ont refusé        0 sur   1    0 %",
        "  échéances tenues                 1 sur   1  100 %",
        "  échéances dépassées              0 sur   1    0 %",
        "  échéances déplacées              0 sur   1    0 %",
        "  messages écrits                  1 sur   1  100 %",
        "  tâches ouvertes                  1 sur   1  100 %",
        "  Jamais vu, conditions qui ont refusé :",
        "    clore.requires[0]",
        "  Jamais vu, échéances dépassées :",
        "    reponse",
        "  Jamais vu, échéances déplacées :",
        "    reponse",
    ]


def test_several_stories_add_up(tmp_path: Path) -> None:
    write(tmp_path, name="a.yaml")
    late = STORY.replace("2027-09-15", "2027-09-20").replace("2027-09-14: agent", "2027-09-14: agent")
    write(tmp_path, REFUSED, name="b.yaml")
    write(tmp_path, late, name="c.yaml")
    files = [str(tmp_path / f"{name}.yaml") for name in "abc"]
    (coverage,) = jalon("scenario", *files, "--coverage", "--json").json()["coverage"]
    missing = {part["part"]: part["missing"] for part in coverage["parts"] if part["missing"]}
    assert (coverage["workflow"], missing) == ("demande", {"moved": ["reponse"]})
