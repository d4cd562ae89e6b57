"""`jalon forecast`: what is to come, month by month, told to people and to programs; nothing is written."""

import pytest
from support.shell import Shell, furnished, housed, opened

ON = "2026-12-20"
ASSUMED = "si l’acte « Renouveler le séjour » est fait le 15/12/2027"


@pytest.fixture(scope="module")
def stay(tmp_path_factory) -> Shell:
    """The stay of S1: a contract of one year from 15 December 2026; and another case, opened in January."""
    shell = furnished(tmp_path_factory.mktemp("stay"))
    housed(shell)
    opened(shell, ON)
    return shell


def months(lines: list[str]) -> list[str]:
    return [line.strip() for line in lines if line.startswith("  ") and not line.startswith("    ")]


def of_month(lines: list[str], month: str) -> list[str]:
    start = lines.index(f"  {month}")
    found = []
    for line in lines[start + 1 :]:
        if not line.startswith("    "):
            break
        found.append(line.strip())
    return found


def test_a_year_is_told_month_by_month(stay):
    """What the database holds is « prévu », the rest « supposé », with its condition beside it."""
    lines = stay("forecast", "--until", "2027-12-31", "--case", "1", on=ON).lines
    assert lines[0].startswith("D’ici au vendredi 31 décembre 2027 : ")
    assert lines[2] == "D-0001  En séjour, ophis"
    assert months(lines)[:3] == ["Décembre 2026", "Janvier 2027", "Février 2027"]
    assert of_month(lines, "Décembre 2027") == [
        ("mer. 08  08:00  prévu    rappel    Échéance du séjour : message « rappel_echeance » "
        "à Coordinatrice d'actions sociales"),
        ("lun. 13  08:00  supposé  rappel    Visite à domicile (12ᵉ) : message « rappel_visite » "
        "à Coordinatrice d'actions sociales ; si « Visite à domicile » continue chaque mois"),
        "mer. 15         prévu    échéance  Échéance du séjour, au tour de : Coordinatrice d'actions sociales",
        ("mer. 15         supposé  échéance  Visite à domicile (12ᵉ), au tour de : Coordinatrice d'actions sociales ; "
        "si « Visite à domicile » continue chaque mois"),
        ("mer. 15  08:00  prévu    rappel    Échéance du séjour : message « rappel_echeance » "
        "à Coordinatrice d'actions sociales"),
        "jeu. 16  00:00  prévu    horloge   Échéance du séjour : « Constater le dépassement »",
        "jeu. 16  08:00  prévu    rappel    Échéance du séjour : message « echeance_depassee » à Direction",
    ]  # fmt: skip


def test_a_renewal_is_told_with_its_condition(stay):
    """E2 is Friday 15 December 2028; the reminder of 15 October 2028, a Sunday, leaves on Friday the 13th."""
    lines = stay("forecast", "--until", "2028-12-31", "--case", "1", on=ON).lines
    december = of_month(lines, "Décembre 2028")
    assert (
        "ven. 15         supposé  échéance  Échéance du séjour (2ᵉ), au tour de : Coordinatrice d'actions sociales ; "
        f"{ASSUMED}"
    ) in december
    assert (
        f"sam. 16  00:00  supposé  horloge   Échéance du séjour (2ᵉ) : « Constater le dépassement » ; {ASSUMED}"
        in (december)
    )
    october = of_month(lines, "Octobre 2028")
    assert any(
        line.startswith("ven. 13  08:00  supposé  rappel    Échéance du séjour (2ᵉ)") for line in october
    )
    overstay = "si l’horloge agit comme prévu (« Constater le dépassement » le 16/12/2027)"
    assert any(line.endswith(overstay) for line in of_month(lines, "Janvier 2028"))


def test_a_house_is_told_case_by_case(stay):
    lines = stay("forecast", "--until", "2027-01-31", "-e", "ophis", on=ON).lines
    assert [line for line in lines if line.startswith("D-")] == [
        "D-0001  En séjour, ophis", "D-0002  Orientation reçue, ophis",
    ]  # fmt: skip


def test_a_role_is_told_what_concerns_it(stay):
    told = stay.json("forecast", "--until", "2027-12-31", "--role", "resident", on=ON)["items"]
    assert [(one["day"], one["does"], one["armed"]) for one in told] == [
        ("2027-10-15", ["echeance_contrat_resident"], True),
        ("2027-11-15", ["echeance_contrat_resident"], True),
    ]
    said = stay("forecast", "--until", "2027-12-31", "--role", "pilote", on=ON)
    assert "Attention : aucun programme enregistré ne connaît « pilote »." in said.err
    assert said.lines == ["Rien n’est prévu d’ici au vendredi 31 décembre 2027."]


def test_a_program_reads_the_condition_as_a_code_its_data_and_a_sentence(stay):
    told = stay.json("forecast", "--until", "2028-12-31", "--case", "1", on=ON)
    (second,) = [one for one in told["items"] if one["deadline"] == "echeance_sejour" and one["day"] == "2028-12-15"
                 and one["kind"] == "due"]  # fmt: skip
    assert (second["armed"], second["k"], second["id"]) == (False, 2, None)
    assert second["assumptions"] == [
        {
            "code": "renewed",
            "data": {"deadline": "echeance_sejour", "label": "Échéance du séjour", "action": "renouveler",
                     "action_label": "Renouveler le séjour", "on": "2027-12-15"},
            "text": ASSUMED,
        }
    ]  # fmt: skip
    assert told["truncated"] == []


def test_a_list_that_was_cut_says_so(stay):
    """Were nobody to decide on the overstay, its weekly alert would ring some 460 times by 2036."""
    lines = stay("forecast", "--until", "2036-12-20", "--case", "1", on=ON).lines
    assert lines[-1] == (
        "Liste coupée : D-0001, « Décision de la direction » revient trop souvent pour être suivie jusque-là ; "
        "choisissez une date plus proche."
    )


@pytest.mark.parametrize("until", ["2026-12-19", "2036-12-21"])
def test_a_horizon_that_is_past_or_too_far_is_refused(stay, until):
    said = stay("forecast", "--until", until, on=ON, code=2)
    assert said.err.strip() == (
        "Une prévision va d’aujourd’hui à dix ans au plus : choisissez une date (--until) entre les deux."
    )


def test_a_case_or_a_house_that_does_not_exist_is_said(stay):
    stay("forecast", "--until", "2027-01-31", "--case", "99", on=ON, code=1)
    stay("forecast", "--until", "2027-01-31", "-e", "nulle", on=ON, code=1)
    assert stay("forecast", "--until", "2026-12-20", "--case", "2", on=ON).lines == [
        "Rien n’est prévu d’ici au dimanche 20 décembre 2026."
    ]
