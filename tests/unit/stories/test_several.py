"""Stories of several workflows: each case read in its own, linked ones reached through those that opened them."""

from pathlib import Path

import pytest
from support.cli import jalon
from support.pair import HEAD, STORY, difference, played, write

from jalon import DefinitionError
from jalon.stories.mutating import draw, played_by
from jalon.stories.reading import read_story
from jalon.stories.running import read_stories

ENTERED = HEAD + "  - on: 2027-09-06\n    do: [entrer, {engager: {projet: Un logement}}]\n"


def faults(folder: Path, story: str) -> list[str]:
    """Give the sentences of the faults of a story."""
    with pytest.raises(DefinitionError) as found:
        read_story(write(folder, story))
    return [problem.text for problem in found.value.problems]


def test_a_case_that_an_act_opens_is_reached_by_its_role(tmp_path: Path) -> None:
    outcome = played(tmp_path)
    assert (outcome.difference, outcome.workflow) == (None, "sejour")


def test_what_is_expected_of_links_and_places_is_compared(tmp_path: Path) -> None:
    for expected, about, found in (
        ("linked: {mesure: finie}", "linked › mesure", "ouverte"),
        ("linked: {mesure: aucune}", "linked › mesure", "ouverte"),
        ("place: {Lit 1: gardee}", "place", "Lit 1: occupee"),
        ("place: aucune", "place", "Lit 1: occupee"),
        ("occupancy: {libre: 2}", "occupancy › libre", "libre: 1"),
        ("occupancy: {étage: {occupee: 1}}", "occupancy › étage", "occupee: 0"),
    ):
        gap = difference(tmp_path, f"{ENTERED}    expect:\n      {expected}\n")
        assert gap is not None
        assert (gap.about, gap.found, gap.line) == (about, found, ENTERED.count("\n") + 2)


def test_a_case_of_another_workflow_is_read_in_it(tmp_path: Path) -> None:
    """The house has someone for the roles of both, and links by hand what a story opened apart."""
    story = (
        ENTERED.replace("workflow: sejour.yaml\n", "workflow: sejour.yaml\ncases: {apart: mesure.yaml}\n")
        + """  - on: 2027-09-07
    case: apart
    do: ouvrir
    expect: {state: ouverte, refused: {finir: Cette mesure n'a pas de projet.}}
  - on: 2027-09-08
    do: [{link: {mesure: apart}}]
    expect: {linked: {mesure: ouverte}}
  - on: 2027-09-08
    case: apart
    expect: {facts: {projet: Un logement}, history: [2027-09-08 link]}
  - on: 2027-09-09
    case: apart
    do: finir
  - on: 2027-09-09
    expect: {linked: {mesure: finie}}
  - on: 2027-09-10
    do: [{unlink: {mesure: apart}}]
    expect: {linked: {mesure: ouverte}}
"""
    )
    assert difference(tmp_path, story) is None


def test_the_settings_of_another_workflow_stand_under_its_name(tmp_path: Path) -> None:
    head = "workflow: sejour.yaml\nparameters: {mesure: {fin.after: P1M}}\n"
    story = ENTERED.replace("workflow: sejour.yaml\n", head)
    story += "  - on: 2027-09-06\n    case: dossier/mesure\n    expect: {due: {fin: 2027-10-06}}\n"
    assert difference(tmp_path, story) is None


def test_a_setting_of_another_workflow_is_set_from_one_of_its_cases(tmp_path: Path) -> None:
    story = f"""{ENTERED}  - on: 2027-09-07
    case: dossier/mesure
    do: [{{set: {{fin.after: P2M}}}}]
    expect: {{due: {{fin: 2027-11-06}}}}
"""
    assert difference(tmp_path, story) is None


def test_places_go_out_of_use_come_back_and_close(tmp_path: Path) -> None:
    story = f"""{ENTERED}  - on: 2027-09-07
    do: [{{place_out: {{place: Lit 2, reason: Fuite.}}}}]
    expect: {{occupancy: {{libre: 0, hors_service: 1, occupee: 1}}}}
  - on: 2027-09-10
    do: [{{place_back: Lit 2}}]
    expect: {{occupancy: {{libre: 1, hors_service: 0}}}}
  - on: 2027-09-11
    do: [{{place_closed: {{place: Lit 2}}}}, absenter]
    expect: {{occupancy: {{libre: 0, gardee: 1}}, place: {{Lit 1: gardee}}}}
"""
    assert difference(tmp_path, story) is None


def test_forms_take_the_first_free_place_and_other_people(tmp_path: Path) -> None:
    story = f"""{ENTERED}  - on: 2027-09-07
    case: autre
    do: entrer
    expect: {{place: {{Lit 2: occupee}}, warned: aucune}}
  - on: 2027-09-08
    case: encore
    expect: {{refused: {{entrer: {{lit: Lit 2, why: place_taken}}}}}}
"""
    assert difference(tmp_path, story) is None


def test_a_warning_is_said_by_its_sentence_or_its_code(tmp_path: Path) -> None:
    story = (
        ENTERED + "  - on: 2027-09-07\n    do: sortir\n    expect: {warned: Aucune mesure n’est terminée}\n"
    )
    assert difference(tmp_path, story) is None
    twice = f"""{ENTERED}  - on: 2027-09-07
    case: autre
    do: [{{entrer: {{personne: La personne}}}}]
    expect: {{warned: WARNING}}
"""
    assert difference(tmp_path, twice.replace("WARNING", "overlap_name")) is None
    gap = difference(tmp_path, twice.replace("WARNING", "Autre chose."))
    assert gap is not None
    assert gap.about == "warned"


def test_someone_absent_is_stood_in_for_and_cases_change_hands(tmp_path: Path) -> None:
    story = f"""{ENTERED}  - on: 2027-09-07
    do:
      - assign: agent
      - absent: {{person: agent, until: 2027-09-17, deputy: chef}}
      - sortir: {{by: chef}}
  - on: 2027-09-08
    case: autre
    do: [entrer, {{assign: agent}}, {{transfer: {{from: agent, to: paule, reason: Départ., by: agent}}}}]
    expect: {{history: [2027-09-08 referent]}}
"""
    story = story.replace("given:\n", "given:\n  people: {agent: agent, chef: chef, paule: agent}\n")
    assert difference(tmp_path, story) is None


def test_what_is_wrong_is_said_in_the_workflow_of_the_case(tmp_path: Path) -> None:
    step = "  - on: 2027-09-07\n    case: {}\n    {}\n"
    told = [
        faults(tmp_path, ENTERED + step.format("dossier/mesures", "expect: {state: ouverte}"))[0],
        faults(tmp_path, ENTERED + step.format("dossier/mesure", "do: finirr"))[0],
        faults(tmp_path, ENTERED + step.format("dossier", "expect: {linked: {mesures: ouverte}}"))[0],
        faults(tmp_path, ENTERED + step.format("dossier", "expect: {place: {Lit 1: prise}}"))[0],
        faults(tmp_path, ENTERED + step.format("dossier", "expect: {occupancy: {libres: 1}}"))[0],
    ]
    assert told == [
        "lien inconnu dans ce programme « mesures » ; vouliez-vous dire « mesure » ?",
        "acte inconnu dans ce programme « finirr » ; vouliez-vous dire « finir » ?",
        "lien inconnu dans ce programme « mesures » ; vouliez-vous dire « mesure » ?",
        "valeur inconnue « prise » ; valeurs possibles : promise, occupee, gardee, a_liberer",
        "statut inconnu dans ce programme « libres » ; vouliez-vous dire « libre » ?",
    ]


def test_a_linked_case_that_nothing_has_opened_is_told(tmp_path: Path) -> None:
    story = HEAD + "  - on: 2027-09-06\n    do: entrer\n"
    story += "  - on: 2027-09-06\n    case: dossier/mesure\n    do: finir\n"
    gap = difference(tmp_path, story)
    assert gap is not None
    assert (gap.about, gap.expected) == ("case", "le dossier « dossier/mesure » est ouvert")


def test_coverage_counts_each_workflow_the_linked_case_too(tmp_path: Path) -> None:
    path = str(write(tmp_path))
    found = jalon("scenario", path, "--coverage", "--json").json()["coverage"]
    shown = {one["workflow"]: {part["part"]: part["shown"] for part in one["parts"]} for one in found}
    assert shown["sejour"]["transitions"] == 2
    assert shown["mesure"] == {
        "transitions": 2, "acts": 0, "guards": 0, "met": 1, "missed": 0, "moved": 0, "notices": 0, "tasks": 0,
    }  # fmt: skip
    (only,) = jalon("scenario", path, "--coverage", "--only", "mesure", "--json").json()["coverage"]
    assert only["workflow"] == "mesure"


def test_each_workflow_is_changed_on_its_own(tmp_path: Path) -> None:
    stories = read_stories([write(tmp_path)])
    assert [one.workflow for one in played_by(stories)] == ["sejour", "mesure"]
    drawn = draw(stories, 5, 1)
    assert len(drawn.chosen) == 10
    assert draw(stories, 5, 1, "mesure").chosen == drawn.chosen[5:]
    path = str(tmp_path / "recit.yaml")
    said = jalon(
        "scenario", path, "--mutate", "4", "--only", "mesure", "--jobs", "1", "--at-least", "0", "--json"
    )
    (workflow,) = said.json()["mutation"]["workflows"]
    assert (workflow["workflow"], workflow["tried"]) == ("mesure", 4)


def test_a_workflow_that_no_story_has_is_bad_usage(tmp_path: Path) -> None:
    said = jalon("scenario", str(write(tmp_path)), "--only", "absent")
    assert (said.code, said.out) == (2, "")
    assert said.err == "Aucun de ces récits n’est du programme « absent ».\n"


def test_the_story_of_the_pair_says_what_links_and_places_do(tmp_path: Path) -> None:
    """What an act opens, gives and does with a bed is seen by the story when it changes."""
    path = str(write(tmp_path, STORY))
    found = jalon("scenario", path, "--mutate", "1000", "--jobs", "1", "--at-least", "0", "--json").json()
    left = {(one["path"], str(one["after"])) for one in found["mutation"]["survivors"]}
    assert ("actions.engager.opens[0]", "(retiré)") not in left
    assert ("actions.entrer.place", "promise") not in left
    assert ("actions.sortir.place", "to_free") not in left
    assert ("links.mesure.gives.projet", "(retiré)") not in left
    assert ("links.mesure.gives.personne", "(retiré)") in left  # no story says whose measure it is
