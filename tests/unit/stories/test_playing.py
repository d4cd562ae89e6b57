"""A story played: the first difference is said where it stands, with what was found and why."""

from pathlib import Path

from support.cli import jalon
from support.little import STORY, WORKFLOW, difference, played, write

HEAD = "story: Essai\nworkflow: demande.yaml\nsteps:\n  - on: 2027-09-06\n    do: ouvrir\n"


def told(folder: Path, expected: str, *, head: str = HEAD) -> str:
    """Say the difference that one line of expectations meets, on the line where it is written."""
    found = difference(folder, f"{head}    expect:\n      {expected}\n")
    assert found.line == head.count("\n") + 2
    return f"{found.column}: {found.about} : {found.expected} / {found.found}"


def test_a_story_that_says_what_happens_has_no_difference(tmp_path: Path) -> None:
    outcome = played(tmp_path)
    assert (outcome.difference, outcome.title, outcome.workflow, outcome.steps) == (
        None, "Une demande répondue", "demande", 2,
    )  # fmt: skip


def test_the_command_says_the_first_difference_with_its_line_and_why(tmp_path: Path) -> None:
    path = write(tmp_path, STORY.replace("reponse: 2027-09-16", "reponse: 2027-09-17"))
    said = jalon("scenario", str(path))
    assert said.code == 1
    assert said.lines[:-1] == [
        f"{path}:8:22: « Une demande répondue », le 2027-09-06 : due › reponse",
        "  attendu : 2027-09-17",
        "  trouvé : 2027-09-16",
        "  pourquoi : Répondre : à partir du lundi 6 septembre 2027 (« Reçue »)",
        "  pourquoi : 10 jours après le lundi 6 septembre 2027, soit le jeudi 16 septembre 2027",
    ]
    assert said.lines[-1].startswith("1 récit joué en ")
    assert said.lines[-1].endswith(" s, 1 en échec.")


def test_each_expectation_is_compared(tmp_path: Path) -> None:
    for expected, said in EXPECTED.items():
        assert told(tmp_path, expected) == said


EXPECTED = {
    "state: close": "14: state : close / recue",
    "all_due: {}": "16: all_due : aucune autre date / reponse: 2027-09-16",
    "due: {reponse: aucune}": "22: due › reponse : aucune / 2027-09-16",
    "legal: {reponse: 2027-09-15}": "24: legal › reponse : 2027-09-15 / 2027-09-16",
    "closed: {reponse: met}": "25: closed › reponse : met / aucune",
    "ladder: {reponse: 2027-09-13}": "25: ladder › reponse : 2027-09-13 / 2027-09-14",
    "ladder: {reponse: {2027-09-14: autre}}": "25: ladder › reponse : 2027-09-14: autre / 2027-09-14: rappel_echeance",
    "forecast: {reponse: 2027-09-20}": "27: forecast › reponse : 2027-09-20 / 2027-09-16",
    "dropped: {reponse: 2027-09-14}": "26: dropped › reponse : 2027-09-14 / aucune",
    "sent: {rappel_echeance: 2027-09-14}": "31: sent › rappel_echeance : 2027-09-14 / aucune",
    "tasks: {rappeler: 2027-09-08}": "14: tasks : rappeler: 2027-09-08 / aucune",
    "who: {reponse: chef}": "22: who › reponse : chef / agent",
    "pending: {late: reponse}": "23: pending › late : reponse / aucune",
    "facts: {montant: 3}": "24: facts › montant : 3 / aucune",
    "history: [2027-09-07 ouvrir]": "17: history : 2027-09-07 ouvrir / 2027-09-06 ouvrir",
    "warned: Attention.": "15: warned : Attention. / aucune",
    "refused: {noter: x}": "24: refused › noter : x / l’acte est possible",
    "refused: {clore: Autre motif.}": "24: refused › clore : Autre motif. / Le montant est trop petit.",
    "allowed: clore": "16: allowed › clore : l’acte est possible / Le montant est trop petit.",
}
"""What a line says, and what is said of it: its column, what it is about, what was expected, what was found."""


def test_all_that_left_is_compared_since_the_last_list(tmp_path: Path) -> None:
    story = STORY.replace("      sent: {rappel_echeance: {2027-09-14: agent}}\n", "      all_sent: aucune\n")
    found = difference(tmp_path, story)
    assert (found.about, found.expected, found.found) == (
        "all_sent", "rien d’autre", "2027-09-14 rappel_echeance agent",
    )  # fmt: skip


def test_a_refusal_may_be_said_by_its_sentence_or_by_its_code(tmp_path: Path) -> None:
    for why in ("Le montant est trop petit.", "Le montant est trop petit", "fact_condition"):
        assert played(tmp_path, f"{HEAD}    expect: {{refused: {{clore: {why}}}}}\n").difference is None
    both = (
        f"{HEAD}    expect: {{refused: {{clore: {{motif: '', why: [Il faut un motif., fact_condition]}}}}}}\n"
    )
    assert played(tmp_path, both).difference is None
    one = difference(
        tmp_path, f"{HEAD}    expect: {{refused: {{clore: {{motif: '', why: Il faut un motif.}}}}}}\n"
    )
    assert one.found == "Il faut un motif. / Le montant est trop petit."


def test_an_act_that_is_refused_is_a_difference_with_its_reasons(tmp_path: Path) -> None:
    found = difference(tmp_path, f"{HEAD}  - on: 2027-09-07\n    do: [{{noter: {{montant: 3}}}}, clore]\n")
    assert (found.line, found.column, found.about, found.found) == (7, 33, "clore", "refusé")
    assert found.hints == ("Le montant est trop petit.",)


def test_who_is_not_declared_holds_the_role_of_what_they_do_and_no_other(tmp_path: Path) -> None:
    story = f"{HEAD}  - on: 2027-09-07\n    do: [{{noter: {{montant: 12, by: paul}}}}]\n"
    assert played(tmp_path, story).difference is None
    refused = f"{HEAD}    expect: {{refused: {{noter: {{by: jean, why: role}}}}}}\n"
    assert played(tmp_path, refused).difference is None


def test_a_case_is_named_where_a_story_has_several(tmp_path: Path) -> None:
    story = f"""{HEAD}  - on: 2027-09-08
    case: autre
    do: ouvrir
    expect: {{due: {{reponse: 2027-09-20}}}}
  - on: 2027-09-16
    expect: {{due: {{reponse: 2027-09-16}}}}
"""
    assert played(tmp_path, story).difference is None


def test_passes_happen_each_day_each_hour_or_never(tmp_path: Path) -> None:
    """The reminder is due at eight, on Tuesday 14."""
    for ticks, step, sent in (
        ("daily", "2027-09-14 08:59", "aucune"), ("daily", "2027-09-14 09:00", "2027-09-14"),
        ("hourly", "2027-09-14 07:59", "aucune"), ("hourly", "2027-09-14 08:00", "2027-09-14"),
        ("never", "2027-09-16", "aucune"),
    ):  # fmt: skip
        story = f"{HEAD}  - on: {step}\n    expect: {{sent: {{rappel_echeance: {sent}}}}}\nticks: {ticks}\n"
        assert played(tmp_path, story).difference is None, (ticks, step)


def test_the_passes_of_a_house_have_their_hour(tmp_path: Path) -> None:
    story = (
        f'{HEAD}  - on: 2027-09-15\n    expect: {{sent: {{rappel_echeance: 2027-09-14}}}}\npass_at: "17:30"\n'
    )
    assert played(tmp_path, story).difference is None


def test_during_an_outage_nothing_passes_until_the_day_of_the_step(tmp_path: Path) -> None:
    story = (
        f"{HEAD}  - on: 2027-09-15\n    outage: true\n    expect: {{sent: {{rappel_echeance: 2027-09-15}}}}\n"
    )
    assert played(tmp_path, story).difference is None


def test_what_the_house_does_beside_acts(tmp_path: Path) -> None:
    story = f"""{HEAD}  - on: 2027-09-07
    do:
      - correct: {{act: ouvrir, effective: 2027-09-03, reason: Reçue vendredi.}}
    expect: {{due: {{reponse: 2027-09-13}}}}
  - on: 2027-09-08
    do: [{{noter: {{montant: 12}}}}, {{annul: {{reason: Faute de frappe.}}}}]
    expect: {{facts: {{montant: null}}, tasks: {{}}}}
  - on: 2027-09-08
    do: [{{closed: 2027-09-13}}, {{assign: agent}}]
    expect: {{due: {{reponse: 2027-09-14}}}}
"""
    assert played(tmp_path, story).difference is None


def test_a_date_is_postponed_and_a_setting_set(tmp_path: Path) -> None:
    workflow = WORKFLOW.replace("after: P10D", "after: P10D*").replace(
        "met_by: clore\n", "met_by: clore\n    postponed_by: chef\n"
    )
    story = f"""{HEAD}  - on: 2027-09-07
    do: [{{set: {{reponse.after: P14D}}}}]
    expect: {{due: {{reponse: 2027-09-20}}}}
  - on: 2027-09-08
    do: [{{postpone: {{deadline: reponse, to: 2027-09-30, reason: Accord., by: chef}}}}]
    expect: {{due: {{reponse: 2027-09-30}}}}
"""
    assert played(tmp_path, story, workflow=workflow).difference is None


def test_another_workflow_is_tried_in_the_place_of_the_one_of_its_name(tmp_path: Path) -> None:
    path = write(tmp_path)
    changed = tmp_path / "autre.yaml"
    changed.write_text(WORKFLOW.replace("P10D", "P11D"), "utf-8")
    said = jalon("scenario", str(path), "--workflow", str(changed), "--json")
    (story,) = said.json()["stories"]
    assert said.code == 1
    assert (story["difference"]["line"], story["difference"]["found"]) == (8, "2027-09-17")
    assert jalon("scenario", str(path), "--workflow", str(tmp_path / "rien.yaml")).code == 2


def test_stop_leaves_the_others_aside(tmp_path: Path) -> None:
    write(tmp_path, STORY.replace("state: recue", "state: close"), name="a.yaml")
    write(tmp_path, name="b.yaml")
    files = [str(tmp_path / name) for name in ("a.yaml", "b.yaml")]
    assert jalon("scenario", *files).lines[-1].endswith(", 1 en échec.")
    assert jalon("scenario", *files, "--stop").lines[-1].endswith(", 1 en échec, 1 laissé de côté.")


def test_a_date_that_has_an_hour_is_compared_with_it_where_it_is_said(tmp_path: Path) -> None:
    workflow = WORKFLOW.replace("shift: suivant}", 'shift: suivant, hour: "18:00"}')
    for moment in ("2027-09-16 18:00", "2027-09-16"):
        assert (
            played(
                tmp_path, f"{HEAD}    expect: {{due: {{reponse: {moment}}}}}\n", workflow=workflow
            ).difference
            is None
        )
    found = difference(
        tmp_path, f"{HEAD}    expect: {{due: {{reponse: 2027-09-16 17:00}}}}\n", workflow=workflow
    )
    assert (found.expected, found.found) == ("2027-09-16 17:00", "2027-09-16 18:00")


def test_who_has_no_address_is_told_on_paper(tmp_path: Path) -> None:
    story = f"""{HEAD}  - on: 2027-09-15
    expect: {{paper: {{rappel_echeance: {{2027-09-14: agent}}}}, not_sent: rappel_echeance}}
given: {{people: {{paul: {{roles: agent, address: aucune}}}}}}
"""
    assert played(tmp_path, story).difference is None
