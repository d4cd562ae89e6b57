"""What a message says, when it may leave, and whether it still holds when it does, on both databases."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest
from support.engines import Post, an_engine, at, entered, opened, paris, suivi, told

from jalon import DefinitionError, Engine

GAIA, AMINA = "gaia@maison.example", "amina@menage.example"


@pytest.fixture
def post() -> Post:
    return Post()


@pytest.fixture
def engine(database_url: str, post: Post) -> Iterator[Engine]:
    with an_engine(database_url, transport=post) as engine:
        yield engine


def _visited(engine: Engine, *, on: str = "2026-12-21", hour: int = 9, cases: int = 1) -> list[int]:
    """Cases for which a reminder has just been written to gaia and to the household."""
    found = [entered(engine, f"A{number}").id for number in range(cases)]
    at(engine, on, hour)
    engine.run_due()
    return found


def _left(post: Post) -> list[str]:
    return [str(message["To"].addresses[0].addr_spec) for message in post.sent]


def _status(engine: Engine) -> list[str]:
    return [notice.status for notice in engine.notices.outbox()]


@pytest.fixture
def templates(tmp_path: Path) -> Path:
    folder = tmp_path / "templates"
    folder.mkdir()
    (folder / "rappel_visite.txt.j2").write_text("Objet : Loyer\n\nVotre loyer est de {{ faits.loyer }} €.\n")
    return folder


def test_a_template_that_fails_blocks_no_case_and_leaves_once_mended(
    database_url: str, post: Post, templates: Path
) -> None:
    with an_engine(database_url, transport=post, templates=templates) as engine:
        (case,) = _visited(engine)
        report = engine.deliver()
        assert (report.sent, len(report.failed)) == ([], 2)
        engine.cases.perform(case, "visiter", by="gaia")  # the case goes on
        engine.run_due()
        for notice in engine.notices.outbox():
            assert notice.status == "failed"
            assert "faits.loyer" in notice.error
        assert [item.kind for item in engine.deadlines.pending() if item.error] == ["message"] * 2
        assert engine.deliver().failed == []


def test_a_failed_message_is_retried_once_its_template_is_mended(
    database_url: str, post: Post, templates: Path
) -> None:
    with an_engine(database_url, transport=post, templates=templates) as engine:
        _visited(engine)
        engine.deliver()
        (templates / "rappel_visite.txt.j2").write_text("Objet : Visite\n\nNous passons bientôt.\n")
        for notice in engine.notices.outbox():
            engine.notices.retry(notice.id)
        assert len(engine.deliver().sent) == 2
        assert {str(message["Subject"]) for message in post.sent} == {"Visite"}
        assert [item.kind for item in engine.deadlines.pending() if item.error] == []


def test_a_fault_of_one_message_does_not_stop_the_others(
    database_url: str, post: Post, templates: Path
) -> None:
    with an_engine(database_url, transport=post, templates=templates) as engine:
        cases = _visited(engine, cases=3)
        engine.cases.perform(cases[1], "noter", {"loyer": "412,50"}, by="gaia")
        report = engine.deliver()
        assert (len(report.sent), len(report.failed)) == (2, 4)
        assert "412,50" in post.sent[0].get_body(("plain",)).get_content()


# -- what the object shows


def _objecting(folder: Path, read: str) -> None:
    """Write a template whose object reads something."""
    text = f"Objet : Visite {{{{ {read} }}}}\n\nNous passons bientôt.\n"
    (folder / "rappel_visite.txt.j2").write_text(text, "utf-8")


@pytest.mark.parametrize("name", ["menage", "contact_mairie", "logement", "loyer", "mode", "motif", "note"])
def test_a_workflow_whose_object_would_show_a_person_is_not_registered(
    sqlite_url: str, templates: Path, name: str
) -> None:
    _objecting(templates, f'"x" if faits.{name} is defined else "y"')
    with an_engine(sqlite_url, bare=True, templates=templates) as engine:
        with pytest.raises(DefinitionError) as caught:
            engine.workflows.register(suivi())
        [problem] = caught.value.problems
        assert f"l’objet du modèle « rappel_visite » lit la donnée « {name} »" in problem.text


@pytest.mark.parametrize(
    ("declared", "sound"),
    [
        ("ref_siao: {label: Référence}", True),
        ("numero_caf: {label: Numéro}", True),
        ("numero_caf: {label: Numéro, personal: true}", False),
        ("ref_siao: {label: Référence, sensitive: health}", False),
        ("visites: {type: count, label: Visites, of: visiter}", True),
        ("fin_le: {type: date, label: Fin}", True),
        ("fin_le: {type: date, label: Fin, sensitive: health}", False),
    ],
)
def test_an_object_shows_dates_counts_and_references_that_nothing_marks(
    sqlite_url: str, templates: Path, declared: str, sound: bool
) -> None:
    workflow = suivi(**{"visites: {type: count, label: Visites, of: visiter}": declared})
    _objecting(templates, f'"x" if faits.{declared.partition(":")[0]} is defined else "y"')
    with an_engine(sqlite_url, bare=True, templates=templates) as engine:
        if sound:
            assert engine.workflows.register(workflow).version == 1
        else:
            with pytest.raises(DefinitionError):
                engine.workflows.register(workflow)


def test_an_object_changed_since_the_workflow_was_registered_does_not_leave(
    database_url: str, post: Post, templates: Path
) -> None:
    with an_engine(database_url, transport=post, templates=templates) as engine:
        (case,) = _visited(engine)
        engine.cases.perform(case, "noter", {"note": "Service psychiatrie"}, by="gaia")
        _objecting(templates, "faits.note")
        report = engine.deliver()
        assert (post.sent, report.sent, len(report.failed)) == ([], [], 2)
        assert all("faits.note" in notice.error for notice in engine.notices.outbox())


# -- hours


@pytest.mark.parametrize(
    ("at_", "leaves"),
    [
        (paris("2026-12-21", 7, 59), paris("2026-12-21", 8)),
        (paris("2026-12-21", 8), None),
        (paris("2026-12-21", 19, 59), None),
        (paris("2026-12-21", 20), paris("2026-12-22", 8)),
        (paris("2026-12-21", 23), paris("2026-12-22", 8)),
        (paris("2026-12-24", 20), paris("2026-12-28", 8)),  # Christmas is a Friday
        (paris("2026-12-26", 10), paris("2026-12-28", 8)),  # a Saturday
        (paris("2027-01-01", 10), paris("2027-01-04", 8)),
        (paris("2027-03-26", 20), paris("2027-03-30", 8)),  # Easter Monday, after the clocks have changed
    ],
)
def test_messages_wait_for_the_hours_of_the_house(
    engine: Engine, post: Post, at_: datetime, leaves: datetime | None
) -> None:
    engine.workflows.register(suivi(2, **{"label: Visiter,": "label: Visiter, notify: rappel_visite,"}))
    engine._world.clock.set(at_)
    case = entered(engine)
    engine.cases.perform(case.id, "visiter", by="gaia")
    engine.deliver()
    assert len(post.sent) == (0 if leaves else 2)
    if leaves is not None:
        assert {notice.not_before for notice in engine.notices.outbox()} == {leaves}
        engine._world.clock.set(leaves)
        assert len(engine.deliver().sent) == 2


def test_a_message_put_off_until_the_house_sleeps_waits_for_the_morning(engine: Engine, post: Post) -> None:
    _visited(engine, on="2026-12-21", hour=19)
    post.down = True
    engine.deliver()
    at(engine, "2026-12-21", 21)
    post.down = False
    report = engine.deliver()
    assert (report.sent, len(report.put_off)) == ([], 2)
    assert engine.next_due() == paris("2026-12-22", 8)
    assert engine.deliver().put_off == []
    at(engine, "2026-12-22", 8)
    assert len(engine.deliver().sent) == 2


def test_the_hours_are_those_of_each_house(engine: Engine, post: Post) -> None:
    engine.establishments.add(
        "lilas", zone="la-reunion", timezone="Indian/Reunion", opens="06:00", closes="12:00",
        closures=[date(2026, 12, 22)],
    )  # fmt: skip
    opened(engine, by="luc", establishment="lilas")
    at(engine, "2026-11-30", 9)  # noon there
    engine.run_due()
    (notice,) = engine.notices.outbox()
    assert notice.not_before == datetime.fromisoformat("2026-11-30T06:00:00+04:00")
    assert engine.deliver().sent == []
    assert engine.notices.outbox()[0].next_attempt_at == datetime.fromisoformat("2026-12-01T06:00:00+04:00")


# -- what no longer holds


def test_a_reminder_of_what_was_done_meanwhile_is_dropped(engine: Engine, post: Post) -> None:
    (case,) = _visited(engine)
    engine.cases.perform(case, "visiter", by="gaia")
    engine.deliver()
    assert post.sent == []
    assert [(notice.status, notice.error) for notice in engine.notices.outbox()] == [
        ("dropped", "deadline_met")
    ] * 2


def test_a_reminder_whose_date_moved_later_gives_way_to_the_next(engine: Engine, post: Post) -> None:
    case = opened(engine, {"rendez_vous_le": "2026-11-27"})
    at(engine, "2026-11-25", 9)
    engine.run_due()
    engine.cases.correct(case.id, {"rendez_vous_le": "2026-11-30"}, by="gaia", reason="reculé")
    engine.deliver()
    assert [notice.status for notice in engine.notices.outbox()] == ["dropped"]
    at(engine, "2026-11-30", 9)
    engine.tick()
    assert _left(post) == [GAIA, GAIA]  # the second reminder of the date, and that of the answer


def test_a_message_goes_to_the_address_of_the_day(engine: Engine, post: Post) -> None:
    (case,) = _visited(engine)
    engine.people.add("gaia", "Gaïa", address="gaia@nouveau.example")
    engine.cases.correct(
        case, {"menage": {"name": "Amina", "email": "amina@nouveau.example"}}, by="gaia", reason="adresse"
    )
    engine.deliver()
    assert _left(post) == ["gaia@nouveau.example", "amina@nouveau.example"]


@pytest.mark.parametrize("change", ["consent", "address", "left"])
def test_whoever_can_no_longer_be_written_to_is_told_on_paper(
    engine: Engine, post: Post, change: str
) -> None:
    (case,) = _visited(engine)
    person = {
        "consent": {"address": GAIA, "consent": False}, "address": {}, "left": {"address": GAIA, "active": False}
    }[change]  # fmt: skip
    engine.people.add("gaia", **person)
    household = {"name": "Amina", "email": AMINA, "consent": False}
    if change == "address":
        household = {"name": "Amina"}
    engine.cases.correct(case, {"menage": household}, by="chloe", reason="accord retiré")
    engine.deliver()
    assert post.sent == []
    assert [status for _, _, status in told(engine)] == ["paper", "paper"]
    assert [item.kind for item in engine.deadlines.pending() if item.name == "rappel_visite"] == ["paper"] * 2
    notice = engine.notices.outbox()[1]
    assert engine.notices.handed_over(notice.id, by="chloe").status == "sent"
    assert _status(engine) == ["paper", "sent"]


def test_what_is_on_paper_from_the_start_never_leaves(engine: Engine, post: Post) -> None:
    case = entered(engine)
    engine.cases.correct(case.id, {"menage": {"name": "Amina"}}, by="gaia", reason="sans adresse")
    at(engine, "2026-12-21", 9)
    engine.tick()
    assert told(engine) == [
        ("rappel_visite", "actor:gaia", "sent"), ("rappel_visite", "fact:menage", "paper"),
    ]  # fmt: skip
    assert _left(post) == [GAIA]
