"""Every refusal has a French sentence: the source is read for what may be raised."""

import ast
from collections.abc import Iterator
from datetime import date
from importlib import resources
from pathlib import Path

import pytest
from support.cli import jalon as typed

import jalon
from jalon import (
    ActionRefused,
    DefinitionError,
    InputError,
    JalonError,
    NotFound,
    Problem,
    Reason,
    StorageError,
)
from jalon.dates import Calendar, due
from jalon.domain import ports
from jalon.interfaces.words import error_words, exit_code, reason_words
from jalon.interfaces.words_errors import ERRORS
from jalon.interfaces.words_reasons import REASONS

ROOT = Path(str(resources.files(jalon)))
LAYERS = ("domain", "workflows", "persistence", "notifications", "scheduler", "engine")
WORDED_APART = {"error", "input", "definition", "refused"}


def calls(*names: str) -> Iterator[ast.Call]:
    for layer in LAYERS:
        for path in (ROOT / layer).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") in names:
                    yield node


def literal(node: ast.expr | None) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def written(call: ast.Call, name: str) -> str | None:
    return next((literal(word.value) for word in call.keywords if word.arg == name), None)


REASON_CODES = sorted({code for call in calls("Reason") if call.args and (code := literal(call.args[0]))})
KINDS = sorted(
    {kind for call in calls("NotFound") if call.args and (kind := literal(call.args[0]))}
    | {kind for call in calls("looked_up") if (kind := literal(call.args[1]))}
    | {"state"}
)
REFUSED = sorted(
    {(literal(call.args[0]), literal(call.args[2])) for call in calls("refused") if literal(call.args[0])}
)
TEXTS = sorted(
    {
        (argument, problem)
        for call in calls("one_line", "paragraph", "email_address")
        if (argument := literal(call.args[1]))
        for problem in ("form", "type")
    }
)
INPUTS = sorted(
    {
        (argument, written(call, "problem") or "")
        for call in calls("InputError")
        if (argument := written(call, "argument"))
    }
)


def subclasses(kind: type[JalonError]) -> Iterator[type[JalonError]]:
    for child in kind.__subclasses__():
        yield child
        yield from subclasses(child)


def test_the_source_is_really_read():
    assert len(REASON_CODES) > 20
    assert len(REFUSED) > 10
    assert {"case", "actor", "workflow"} <= set(KINDS)
    assert {("reason", "form"), ("name", "type"), ("sender", "form")} <= set(TEXTS)


@pytest.mark.parametrize("code", REASON_CODES)
def test_every_reason_has_a_sentence(code):
    assert code in REASONS
    assert REASONS[code]({}).endswith(".")


def test_every_error_has_a_sentence():
    assert issubclass(ports.DeliveryError, JalonError)
    codes = {kind.code for kind in subclasses(JalonError)} - WORDED_APART
    assert codes - set(ERRORS) == set()
    assert all(ERRORS[code]({}).endswith(".") for code in codes)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_thing_not_found_is_said(kind):
    (sentence,) = error_words(NotFound(kind, "x1"))
    assert "« x1 »" in sentence
    assert not sentence.startswith("Rien n’est connu")


@pytest.mark.parametrize(("argument", "problem"), [*REFUSED, *TEXTS, *INPUTS])
def test_every_argument_that_is_refused_is_named_in_french(argument, problem):
    (sentence,) = error_words(InputError("wanted", argument=argument, value="v", problem=problem))
    assert "anglais" not in sentence
    assert not sentence.startswith("La valeur n’est pas utilisable")


def test_the_words_of_the_workflow_come_first():
    reason = Reason("fact_missing", {"fact": "motifs"}, "La décision doit être motivée.")
    assert reason_words(reason) == "La décision doit être motivée."


def test_a_reason_names_what_people_call_it():
    assert reason_words(Reason("state", {"state": "admis", "label": "Admis"})) == (
        "Le dossier est dans l’état « Admis », qui ne le permet pas."
    )
    assert reason_words(Reason("documents_missing", {"documents": ["rib"], "labels": ["RIB"]})) == (
        "Pièce manquante : RIB."
    )
    assert reason_words(
        Reason("role", {"actor": "paul", "roles": ["direction"], "labels": ["Direction"]})
    ) == ("« paul » n’a pas ici la fonction qu’il faut : Direction.")


def test_a_value_of_the_wrong_type_is_told_what_is_expected():
    data = {"fact": "date_rdv", "label": "Date du rendez-vous", "type": "date"}
    assert reason_words(Reason("fact_type", data)) == (
        "« Date du rendez-vous » (date_rdv) : on attend une date, par exemple 2026-12-31."
    )
    choice = {"fact": "remise", "label": "Remise", "type": "choice", "choices": "lrar, courrier"}
    assert reason_words(Reason("fact_type", choice)).endswith("l’une de ces valeurs : lrar, courrier.")


def test_dates_are_said_in_full():
    data = {"on": "2026-11-01", "since": "2026-11-24"}
    assert "le mardi 24 novembre 2026" in reason_words(Reason("effective_before_change", data))


def test_a_refusal_says_every_reason_on_its_line():
    reasons = [Reason("queue", {"rank": 3}), Reason("reason_missing")]
    assert error_words(ActionRefused("proposer_place", reasons)) == [
        "Refusé : « proposer_place » n’est pas possible. Rien n’a été enregistré.",
        "- Le dossier est au rang 3 de la liste d’attente, et non au premier.",
        "- Il manque le motif.",
    ]


def test_a_definition_gives_every_problem_with_its_place():
    problems = [Problem("a.yaml", 9, 1, "fin"), Problem("a.yaml", 2, 3, "début")]
    assert error_words(DefinitionError(problems)) == ["a.yaml:2:3: début", "a.yaml:9:1: fin"]


def test_a_busy_database_is_not_a_broken_one():
    assert "réessayez" in error_words(StorageError("locked", reason="busy"))[0]
    assert "réessayez" not in error_words(StorageError("gone", reason="unavailable"))[0]


def test_an_error_that_has_no_words_takes_those_of_its_kind():
    class Odd(StorageError):
        code = "odd"

    assert error_words(Odd()) == error_words(StorageError())


def test_bad_usage_is_told_apart_from_a_refusal():
    assert exit_code(InputError("wanted", argument="delay")) == 2
    assert exit_code(InputError("register the guards first")) == 1
    assert exit_code(ActionRefused("signer", [])) == 1


def test_what_the_dates_refuse_is_said_with_what_to_write():
    with pytest.raises(InputError) as refusal:
        due(date(2026, 12, 31), "2 mois")
    assert error_words(refusal.value)[0].startswith("« 2 mois » n’est pas un délai : écrivez par exemple P2M")
    with pytest.raises(InputError) as refusal:
        Calendar(closures=frozenset({date(2027, 1, 4)}), extra_days=frozenset({date(2027, 1, 4)}))
    assert error_words(refusal.value) == [
        "Le lundi 4 janvier 2027 ne peut pas être à la fois fermé et ouvert."
    ]


def _said(*command):
    answer = typed(*command)
    assert (answer.code, answer.out) == (2, "")
    return answer.err


def test_the_rank_of_a_date_of_a_rhythm_has_two_ends():
    said = "Les dates d’un rythme se comptent de 1 à 10 000 (--k)."
    for rank in ("0", "10001", "100000"):
        assert said in _said("date", "2026-03-02", "lundi", "--k", rank)


def test_a_day_that_not_every_month_has_says_how_far_from_its_end_one_may_count():
    for rhythm in ("P25B avant la fin du mois", "P40D avant la fin du mois"):
        assert "des jours (27 au plus) ou des jours ouvrés (15 au plus)" in _said(
            "date", "2026-03-02", rhythm
        )


def test_a_date_that_may_not_be_put_off_to_a_day_says_which_one_may_do():
    far = Reason("postpone_too_far", {"to": "2030-01-02", "latest": "2028-12-03"})
    data = {"to": "2027-10-31", "label": "Trêve hivernale", "after": "2028-04-01"}
    moved = Reason("postpone_season", {**data, "on": "2027-11-02"})
    inside = Reason("postpone_season", {**data, "to": "2027-12-15", "on": "2027-12-15"})
    until = "reportez au samedi 1er avril 2028 ou après."
    assert reason_words(far) == (
        "Le mercredi 2 janvier 2030 est à plus de deux ans de la date actuelle : reportez au dimanche 3 décembre 2028 "
        "au plus tard, ou vérifiez l’année."
    )
    assert reason_words(inside) == f"Le mercredi 15 décembre 2027 est dans « Trêve hivernale » : {until}"
    assert reason_words(moved) == (
        "Le dimanche 31 octobre 2027 n’est pas ouvré, la date irait au mardi 2 novembre 2027, "
        f"dans « Trêve hivernale » : {until}"
    )
