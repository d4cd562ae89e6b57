"""The mutation check: what stories see, what they do not, and what is no change at all."""

from pathlib import Path
from random import Random

from support.cli import jalon
from support.little import WORDS, WORKFLOW, write

from jalon import load, loads
from jalon.stories.mutants import is_sound, mutant, mutations
from jalon.stories.mutating import Drawn, draw, try_mutants
from jalon.stories.running import read_stories

EVERYTHING = 10_000


def survivors(folder: Path) -> tuple[set[tuple[str, str]], Drawn]:
    """Try every mutant of the little workflow on its one story."""
    path = write(folder)
    drawn = draw(read_stories([path]), EVERYTHING, 1)
    found = {
        (one.mutation.path, str(one.mutation.after))
        for one in try_mutants([path], drawn, WORDS)
        if one.survived
    }
    return found, drawn


def test_what_the_story_says_is_seen_and_what_it_does_not_say_survives(tmp_path: Path) -> None:
    """The story says the date, the day of the reminder and to whom: nothing of the guard, nor of the task's day."""
    left, drawn = survivors(tmp_path)
    tried = {(one.path, str(one.after)) for _, one in drawn.chosen}
    for seen in (
        ("deadlines.reponse.due.after", "P11D"), ("deadlines.reponse.due.after", "P9D"),
        ("deadlines.reponse.ladder[0].delay", "-P3D"), ("notices.rappel_echeance.to", "['chef']"),
        ("notices.rappel_echeance.to", "['demandeur']"),
    ):  # fmt: skip
        assert seen in tried
        assert seen not in left
    for unseen in (
        ("actions.clore.requires[0]", "(retiré)"),
        ("tasks.rappeler.due", "P3D"),
        ("tasks.rappeler.who", "['chef']"),
    ):
        assert unseen in tried
        assert unseen in left


def test_the_same_draw_gives_the_same_mutants(tmp_path: Path) -> None:
    stories = read_stories([write(tmp_path)])
    assert draw(stories, 12, 7) == draw(stories, 12, 7)
    assert draw(stories, 12, 7) != draw(stories, 12, 8)


def test_what_is_no_change_is_not_proposed() -> None:
    """Ten working days always end on a working day; a day after, moved forward, is a working day after."""
    text = WORKFLOW.replace("after: P10D", "after: P10B").replace("at: -P2D", "at: P1D")
    found = {(one.path, str(one.after)) for one in mutations(loads(text), Random(1))}
    assert not any(path == "deadlines.reponse.due.shift" for path, _ in found)
    assert ("deadlines.reponse.ladder[0].delay", "P1B") not in found
    assert ("deadlines.reponse.ladder[0].delay", "P2D") in found


def test_where_every_day_is_worked_no_shift_is_proposed_and_no_working_day() -> None:
    text = WORKFLOW.replace("after: P10D, shift: suivant", "after: P1D, calendar: continu")
    found = {(one.path, str(one.after)) for one in mutations(loads(text), Random(1))}
    assert not any(path.startswith("deadlines.reponse") and path.endswith("shift") for path, _ in found)
    assert ("deadlines.reponse.due.after", "P1B") not in found
    assert ("deadlines.reponse.due.after", "P2D") in found


def test_a_setting_that_counts_such_dates_alone_is_changed_as_they_are() -> None:
    text = WORKFLOW.replace("after: P10D", "after: P1D*")
    found = {(one.path, str(one.after)) for one in mutations(loads(text), Random(1))}
    assert ("parameters.reponse.after.default", "P1B") not in found
    assert ("parameters.reponse.after.default", "P2D") in found


def test_a_task_is_for_a_working_day_and_a_step_in_hours_is_never_shifted() -> None:
    text = WORKFLOW.replace("due: P2D, closed_by", "due: P1D*, closed_by").replace("at: -P2D", "at: -PT3H")
    text = text.replace("after: P10D, shift: suivant", "after: PT48H, shift: suivant")
    found = {(one.path, str(one.after)) for one in mutations(loads(text), Random(1))}
    assert ("parameters.rappeler.due.default", "P1B") not in found
    assert ("parameters.rappeler.due.default", "P2D") in found
    assert ("deadlines.reponse.ladder[0].delay", "-PT4H") in found
    assert not any(path == "deadlines.reponse.ladder[0].shift" for path, _ in found)


def test_what_jalon_check_would_refuse_of_a_link_is_refused() -> None:
    """`ask` opens a task of the linked workflow: one that has none cannot be asked."""
    stay = load("rs_temporaire")
    asked = next(
        one for one in mutations(stay, Random(1)) if (one.path, one.after) == ("links.relogement.ends", "ask")
    )
    changed = mutant(stay, asked, 99)
    assert not is_sound(changed, {"relogement": load("relogement")}.get)
    assert is_sound(changed, {}.get)


def test_the_state_before_is_not_proposed_where_it_is_the_same() -> None:
    """`demandee` is entered from `recue` alone, which is entered from the start too."""
    text = WORKFLOW.replace(
        "Reçue, turn: agent}}",
        "Reçue, turn: agent}, demandee: {label: Demandée, turn: agent, sans_echeance: essai}}",
    )
    text = text.replace(
        "actions:",
        "actions:\n"
        "  demander: {label: Demander, from: recue, to: demandee, by: chef}\n"
        "  renoncer: {label: Renoncer, from: demandee, to: recue, by: chef}",
    )
    found = {(one.path, str(one.after)) for one in mutations(loads(text), Random(1))}
    assert ("actions.renoncer.target", "previous") not in found
    assert ("actions.demander.target", "previous") in found


def test_a_mutant_is_the_workflow_with_one_thing_changed() -> None:
    workflow = loads(WORKFLOW)
    for one in mutations(workflow, Random(1)):
        changed = mutant(workflow, one, 99)
        assert changed.digest != workflow.digest
        assert changed.version == 99
        assert changed.workflow == workflow.workflow
    assert is_sound(workflow, {}.get)


def test_what_the_checker_refuses_is_counted_apart(tmp_path: Path) -> None:
    _, drawn = survivors(tmp_path)
    assert drawn.refused["demande"] > 0  # `ouvrir` leading to `close`: nothing then leads to `recue`


def test_too_few_seen_is_a_failure_that_lists_the_survivors(tmp_path: Path) -> None:
    path = str(write(tmp_path))
    said = jalon("scenario", path, "--mutate", str(EVERYTHING), "--jobs", "1")
    assert said.code == 1
    assert "  Aucun récit n’a vu :" in said.lines
    at = said.lines.index("    condition : actions.clore.requires[0]")
    assert (
        said.lines[at + 1]
        == "      fact: montant, at_least: 10, otherwise: Le montant est trop petit. → (retiré)"
    )
    assert jalon("scenario", path, "--mutate", "20", "--jobs", "1", "--at-least", "0").code == 0


def test_mutants_are_tried_by_several_processes_as_by_one(tmp_path: Path) -> None:
    path = write(tmp_path)
    drawn = draw(read_stories([path]), 8, 2)
    alone, together = (
        [(one.mutation.path, one.survived) for one in try_mutants([path], drawn, WORDS, jobs=jobs)]
        for jobs in (1, 2)
    )
    assert together == alone


def test_mutants_are_not_tried_where_a_story_fails_already(tmp_path: Path) -> None:
    path = write(tmp_path)
    path.write_text(path.read_text("utf-8").replace("state: recue", "state: close"), "utf-8")
    said = jalon("scenario", str(path), "--mutate", "5")
    assert said.code == 1
    assert said.lines[-1] == "Les programmes modifiés ne sont pas essayés : des récits échouent déjà."
