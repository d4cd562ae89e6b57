"""Facts typed on the command line become the values that a form takes."""

import io
from datetime import date

import pytest

from jalon import InputError, load
from jalon.interfaces.given import in_words_of, read_facts


def test_a_fact_is_a_name_and_a_value():
    assert read_facts(["motifs=a = b", "redevance=412,50", "vide="]) == {
        "motifs": "a = b",
        "redevance": "412,50",
        "vide": "",
    }


def test_the_parts_of_a_household_make_one_value():
    given = ["menage.name=Amina K.", "menage.consent=non", "menage.persons=Amina K. 02/04/1988, Bilal K.,"]
    assert read_facts(given) == {
        "menage": {
            "name": "Amina K.", "consent": False,
            "persons": [{"name": "Amina K.", "born": "1988-04-02"}, {"name": "Bilal K."}],
        }
    }  # fmt: skip


@pytest.mark.parametrize(
    "given", [["a=1", "a=2"], ["a.name=x", "a=y"], ["a=y", "a.name=x"], ["a.name=x", "a.name=y"]]
)
def test_a_fact_is_given_once(given):
    with pytest.raises(InputError) as told:
        read_facts(given)
    assert told.value.data["problem"] == "twice"


def test_a_file_and_options_go_together_but_not_on_one_name(tmp_path, monkeypatch):
    file = tmp_path / "faits.json"
    file.write_text('{"membres": ["colette"], "motifs": "Projet"}', "utf-8")
    assert read_facts(["logement=B-12"], str(file)) == {
        "membres": ["colette"],
        "motifs": "Projet",
        "logement": "B-12",
    }
    with pytest.raises(InputError):
        read_facts(["motifs=Autre"], str(file))
    monkeypatch.setattr("sys.stdin", io.StringIO('{"a": 1}'))
    assert read_facts(None, "-") == {"a": 1}


def test_dates_may_be_typed_as_the_french_write_them():
    """Only what the workflow says is a date is read as one; what is wrong is left for the engine to refuse."""
    given = {
        "date_rdv": "14/01/2027",
        "motifs": "14/01/2027",
        "date_effet": "31/02/2027",
        "nulle": "14/01/2027",
    }
    assert in_words_of(load("rs_temporaire"), given) == {**given, "date_rdv": date(2027, 1, 14)}
