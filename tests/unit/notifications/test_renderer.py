"""The renderer: a house's own templates, what they may not do, and the one error everything ends in."""

import re
import sys
import threading
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from jalon.domain.errors import InputError, TemplateError
from jalon.notifications.renderer import Renderer

House = Callable[..., Renderer]


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A renderer over a house's folder that holds one template, `essai`."""

    def make(body: str, subject: str = "Essai", **others: str) -> Renderer:
        (tmp_path / "essai.txt.j2").write_text(f"Objet : {subject}\n\n{body}", encoding="utf-8")
        for key, text in others.items():
            (tmp_path / f"{key}.txt.j2").write_text(text, encoding="utf-8")
        return Renderer([tmp_path])

    return make


def refused(renderer: Renderer, context: Any, key: str = "essai") -> TemplateError:
    started = time.process_time()
    with pytest.raises(TemplateError) as caught:
        renderer.render(key, context)
    assert time.process_time() - started < 2
    return caught.value


# -- whose template


def test_a_house_replaces_a_packaged_template_and_adds_its_own(house: House, context: Any) -> None:
    renderer = house("Le nôtre.", rappel_visite="Objet : Visite\n\nNotre rappel.")
    assert renderer.render("rappel_visite", context()).text == "Notre rappel.\n"
    assert renderer.names() == Renderer().names() | {"essai"}


def test_the_first_folder_wins(tmp_path: Path, context: Any) -> None:
    folders = [tmp_path / "a", tmp_path / "b"]
    for folder in folders:
        folder.mkdir()
        (folder / "essai.txt.j2").write_text(f"Objet : {folder.name.upper()}\n\nTexte.", encoding="utf-8")
    assert Renderer(folders).render("essai", context()).subject == "A"


@pytest.mark.parametrize(
    "key", ["inconnu", "../domain/errors", "/etc/passwd", "layout", "", "Rappel", "a" * 200]
)
def test_an_unknown_key_is_an_error_not_a_file_elsewhere(key: str, context: Any) -> None:
    assert refused(Renderer(), context(), key).data["reason"] == "missing"
    assert Renderer().check(key) != []


def test_a_folder_that_is_none_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        Renderer([tmp_path / "absent"])


def test_a_file_whose_name_is_no_key_is_refused_at_once(tmp_path: Path) -> None:
    (tmp_path / "Rappel visite.txt.j2").write_text("Objet : a\n\nb", encoding="utf-8")
    with pytest.raises(InputError):
        Renderer([tmp_path])


def test_a_template_in_latin_1_is_an_error_in_french(house: House, tmp_path: Path, context: Any) -> None:
    renderer = house("")
    (tmp_path / "essai.txt.j2").write_bytes("Objet : Été\n\nÉté".encode("latin-1"))
    assert refused(renderer, context()).data["reason"] == "unreadable"
    assert "UTF-8" in renderer.check("essai")[0]


@pytest.mark.parametrize(
    "source", ["", "Bonjour", "Objet : a", "Objet : a\nb\n\nc", "\nObjet : a\n\nb", "a" * 19_999]
)
def test_a_template_opens_with_its_object_and_an_empty_line(
    house: House, tmp_path: Path, context: Any, source: str
) -> None:
    renderer = house("")
    (tmp_path / "essai.txt.j2").write_text(source, encoding="utf-8")
    assert refused(renderer, context()).data["reason"] in {"refused", "empty"}


# -- what a template may not do

HOSTILE = [
    "{{ 'a' * 10**9 }}",
    "{{ 'a' * 1000000000 }}",
    "{{ 9**9**9 }}",
    "{{ 10 % 3 }}",
    "{{ 1 / 3 }}{{ 1 // 3 }}",
    "{{ '%1000000000d'|format(1) }}",
    "{{ '%1000000000d' % 1 }}",
    "{{ 'a'|center(10**9) }}",
    "{{ 'a'|center(1000000000) }}",
    "{{ 'a'.ljust(1000000000) }}",
    "{{ documents_demandes|join('a') }}",
    "{{ documents_demandes|map('upper')|list }}",
    "{{ ''.__class__.__mro__ }}",
    "{{ ''['__class__'] }}",
    "{{ dossier.__class__ }}",
    "{{ dossier.items() }}",
    "{{ faits.date_rdv.year }}",
    "{{ self }}",
    "{{ self._TemplateReference__context }}",
    "{{ lipsum }}",
    "{{ cycler.__init__.__globals__ }}",
    "{{ namespace }}",
    "{{ loop }}",
    "{{ caller() }}",
    "{% for i in range(10) %}a{% endfor %}",
    "{% for i in 'aaaa' %}a{% endfor %}",
    "{% for i in [[1], [2]] %}a{% endfor %}",
    "{% for i in documents_demandes recursive %}{{ loop(documents_demandes) }}{% endfor %}",
    "{% for a, b in documents_demandes %}{% endfor %}",
    "{% for faits in documents_demandes %}{% endfor %}",
    "{% for loop in documents_demandes %}{% endfor %}",
    "{% for a in lien %}{% for b in lien %}{% for c in lien %}" + "{% endfor %}" * 3,
    "{% for a in documents_demandes %}{% endfor %}" * 11,
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% include 'essai.txt.j2' %}",
    "{% import 'essai.txt.j2' as x %}",
    "{% from 'essai.txt.j2' import x %}",
    "{% extends 'essai.txt.j2' %}",
    "{% block a %}{% endblock %}",
    "{% call m() %}{% endcall %}",
    "{% filter upper %}a{% endfilter %}",
    "{% set x = 'a' %}{{ x }}",
    "{% set x %}a{% endset %}",
    "{% with x = 'a' %}{{ x }}{% endwith %}",
    "{{ documents_demandes[0] }}",
    "{{ documents_demandes[:2] }}",
    "{{ ('a', 'b') }}",
    "{{ {'a': 1} }}",
    "{{ [documents_demandes, documents_demandes]|length }}",
    "{{ documents_demandes|liste(*documents_demandes) }}",
    "{{ 'a' is string }}",
    "{{ ('a' ~ 'b') is defined }}",
    "{{ inconnu }}",
    "{{ dossier.number }}",
    "{{ dossier.numero.x }}",
    "{% if %}",
    "{{ 'a' }",
    "{% endif %}",
    "{{ " + "(" * 5_000 + ")" * 5_000 + " }}",
    "{{ " + "not " * 5_000 + "lien }}",
    "{{ " + "-" * 5_000 + "1 }}",
    "{{ " + "1 + " * 4_000 + "1 }}",
    "{% if lien %}" * 1_000 + "{% endif %}" * 1_000,
    "{% if lien %}" * 60 + "{% endif %}" * 60,
    "a" * 20_001,
    "{{ " + "9" * 10_000 + " }}",
]


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_what_exhausts_escapes_or_hides_is_refused_before_it_runs(
    house: House, context: Any, body: str
) -> None:
    renderer = house(body)
    assert refused(renderer, context()).data["reason"] == "refused"
    assert renderer.check("essai") != []
    with pytest.raises(TemplateError):
        renderer.variables("essai")


def test_the_object_is_held_to_the_same_rules(house: House, context: Any) -> None:
    assert refused(house("Texte", subject="{{ 'a' * 10**9 }}"), context()).data["reason"] == "refused"


def test_every_fault_is_listed_with_its_line_in_the_file(house: House) -> None:
    problems = house("Bonjour\n{{ inconnu }}\n\n{% include 'x' %}", subject="{{ self }}").check("essai")
    assert [problem.partition(" : ")[0] for problem in problems] == ["ligne 1", "ligne 4", "ligne 6"]
    assert "« inconnu »" in problems[1]


def test_a_syntax_error_gives_the_line_of_the_file(house: House) -> None:
    assert house("Bonjour\n{% if lien %}\n").check("essai")[0].startswith("ligne ")
    assert "ligne 4" in house("Bonjour\n{{ 'a' }\n").check("essai")[0]


# -- what cannot be known before the data


def test_a_loop_over_too_many_items_is_refused(house: House, context: Any) -> None:
    body = "{% for a in documents_demandes %}{% for b in documents_demandes %}x{% endfor %}{% endfor %}"
    assert house(body).render("essai", context()).text == "x" * 25 + "\n"
    assert refused(house(body), context(documents_demandes=["a"] * 501)).data["reason"] == "value"
    assert refused(house(body), context(documents_demandes=["a"] * 500)).data["reason"] == "too_long"


def test_nested_loops_that_write_nothing_end_quickly(house: House, context: Any) -> None:
    loop = "{% for a in documents_demandes %}{% for b in documents_demandes %}{% endfor %}{% endfor %}"
    renderer = house(loop * 5 + "Fin")
    started = time.process_time()
    renderer.render("essai", context(documents_demandes=["a"] * 500))
    assert time.process_time() - started < 2


def test_a_message_has_fifty_thousand_characters_at_most(house: House, context: Any) -> None:
    renderer = house("{{ faits.motifs }}")
    assert len(renderer.render("essai", context(faits={"motifs": "a" * 49_000})).text) == 49_001
    assert refused(renderer, context(faits={"motifs": "a" * 50_001})).data["reason"] == "too_long"


@pytest.mark.parametrize(
    "value",
    [date(2027, 1, 15), None, True, ["a"], {"a": 1}, object()],
    ids=lambda value: type(value).__name__,
)
def test_a_value_that_is_no_text_needs_a_filter(house: House, context: Any, value: object) -> None:
    """Neither 2027-01-15 nor None nor ['a'] is French."""
    error = refused(house("Texte : {{ faits.valeur }}"), context(faits={"valeur": value}))
    assert error.data["reason"] == "value"


def test_numbers_are_written_with_a_comma(house: House, context: Any) -> None:
    facts = {"a": 12, "b": Decimal("350.50"), "c": 1.5}
    body = "{{ faits.a }} {{ faits.b }} {{ faits.c }}"
    assert house(body).render("essai", context(faits=facts)).text == "12 350,50 1,5\n"


def test_an_undefined_name_is_named(house: House, context: Any) -> None:
    for body in ("{{ faits.absent }}", "{% if faits.absent %}a{% endif %}", "{{ faits.absent|date_longue }}"):
        error = refused(house(body), context(faits={}))
        assert error.data == {"key": "essai", "reason": "undefined", "detail": "faits.absent"}
    undefined = context()
    del undefined["echeance"]
    assert refused(house("{{ echeance.due|date_longue }}"), undefined).data["reason"] == "undefined"


def test_a_fact_may_bear_the_name_of_a_method(house: House, context: Any) -> None:
    facts = {"items": "six", "keys": "deux", "__class__": "rien"}
    rendered = house("{{ faits.items }} {{ faits.keys }}").render("essai", context(faits=facts))
    assert rendered.text == "six deux\n"


@pytest.mark.parametrize(
    ("body", "value"),
    [
        ("{{ faits.x|date_longue }}", "lundi"),
        ("{{ faits.x|heure }}", "25:00"),
        ("{{ faits.x|liste }}", "abc"),
    ],
)
def test_a_wrong_value_is_an_error_that_does_not_repeat_it(
    house: House, context: Any, body: str, value: object
) -> None:
    error = refused(house(body), context(faits={"x": value}))
    assert error.data["reason"] == "value"
    assert str(value) not in str(error)


def test_a_comparison_that_makes_no_sense_is_an_error(house: House, context: Any) -> None:
    error = refused(house("{% if faits.date_rdv > 3 %}a{% endif %}"), context())
    assert error.data["reason"] == "value"


def test_an_empty_message_is_an_error(house: House, context: Any) -> None:
    assert refused(house("{% if not lien %}a{% endif %}"), context()).data["reason"] == "empty"
    assert refused(house("Texte", subject=""), context()).data["reason"] == "subject"
    assert (
        refused(house("Texte", subject="{{ faits.x }}"), context(faits={"x": " \n"})).data["reason"]
        == "subject"
    )


# -- the object


def test_no_value_can_end_the_object_or_begin_the_text(house: House, context: Any) -> None:
    facts = {"x": "a\r\nBcc: tous@exemple.fr\n\nTexte\u2028b\x00\u202ec"}
    rendered = house("Corps", subject="{{ faits.x }}").render("essai", context(faits=facts))
    assert rendered.subject == "a Bcc: tous@exemple.fr Textebc"
    assert rendered.text == "Corps\n"


def test_an_object_has_two_hundred_characters_at_most(house: House, context: Any) -> None:
    renderer = house("Corps", subject="{{ faits.x }}")
    assert len(renderer.render("essai", context(faits={"x": "a" * 200})).subject) == 200
    assert refused(renderer, context(faits={"x": "a" * 201})).data["reason"] == "subject"


def test_outside_production_the_object_says_so(house: House, context: Any) -> None:
    assert house("Corps").render("essai", context(environnement="[Recette]")).subject == "[Recette] Essai"


def test_in_a_sandbox_the_message_says_so_in_both_parts(house: House, context: Any) -> None:
    rendered = house("Corps").render("essai", context(bac_a_sable=True))
    assert rendered.text.endswith("Message d’essai\u00a0: il ne concerne aucun dossier réel.\n")
    assert "Message d’essai" in rendered.html


# -- which names a template reads


@pytest.mark.parametrize(
    ("body", "required"),
    [
        ("{{ faits.a }}", {"faits.a"}),
        ("{% if faits.a is defined %}{{ faits.a }}{% endif %}", set()),
        ("{% if faits.a is defined %}a{% else %}{{ faits.a }}{% endif %}", {"faits.a"}),
        ("{% if faits.a is undefined %}a{% else %}{{ faits.a }}{% endif %}", set()),
        ("{% if faits.a is undefined %}a{% elif faits.a %}{{ faits.a }}{% endif %}", set()),
        ("{% if not faits.a is defined %}a{% else %}{{ faits.a }}{% endif %}", set()),
        ("{% if faits.a is defined and faits.a and lien %}{{ faits.a }}{% endif %}", {"lien"}),
        ("{% if faits.a is defined or lien %}{{ faits.a }}{% endif %}", {"faits.a", "lien"}),
        ("{% if faits.a is undefined or faits.a > 3 %}a{% endif %}", set()),
        ("{{ faits.a if faits.a is defined else faits.b }}", {"faits.b"}),
        ("{% if echeance is defined %}{{ echeance.due|date_longue }}{% endif %}", set()),
        ("{% for p in documents_demandes %}{{ p }}{{ loop.index }}{% endfor %}", {"documents_demandes"}),
        ("{% for p in documents_demandes if p is defined %}{{ p }}{% else %}{{ lien }}{% endfor %}",
         {"documents_demandes", "lien"}),
        ("{{ faits.n|pluriel('jour', faits.mot) }}", {"faits.n", "faits.mot"}),
    ],
)  # fmt: skip
def test_a_template_requires_what_no_test_guards(house: House, body: str, required: set[str]) -> None:
    renderer = house(body)
    assert renderer.variables("essai") == required
    assert renderer.check("essai") == []


def test_a_template_mentions_even_what_it_can_do_without(house: House) -> None:
    renderer = house("{% if faits.a is defined %}a{% endif %}", subject="{{ dossier.numero }}")
    assert renderer.mentions("essai") == {"faits.a", "dossier.numero"}
    assert renderer.variables("essai") == {"dossier.numero"}


# -- the page


class _Page(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []
        self.links: list[str] = []
        self.lang = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        self.lang = found.get("lang") or self.lang
        self.links.extend([found["href"] or ""] if "href" in found else [])

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] != "title":
            self.words.extend(data.split())


@pytest.mark.parametrize("key", sorted(Renderer().names()))
def test_both_parts_say_the_same_words_in_the_same_order(key: str, context: Any) -> None:
    rendered = Renderer().render(key, context())
    text = re.sub(r"^- ", "", rendered.text, flags=re.MULTILINE)
    text = re.sub(r"[ \u00a0]:[ \u00a0]https://\S+", "", text)
    assert _Page(rendered.html).words == (rendered.subject + " " + text).split()


def test_the_page_is_accessible(context: Any) -> None:
    """RGAA: a language, a title, one heading, real lists, links that say where they go, no layout table."""
    rendered = Renderer().render("rappel_echeance", context())
    page = _Page(rendered.html)
    assert page.lang == "fr"
    assert page.tags.count("h1") == page.tags.count("title") == 1
    assert page.tags.count("li") == 2
    assert not {"table", "img", "script", "style"} & set(page.tags)
    assert page.links == ["https://jalon.example/dossiers/D-0012?vue=d'ensemble"]
    assert ">Ouvrir le dossier</a>" in rendered.html


def test_the_page_escapes_what_it_is_given(house: House, context: Any) -> None:
    facts = {"x": '<script>alert(1)</script> & "b"\nhttps://a.fr/"onclick="b\njavascript:alert(1)'}
    rendered = house("{{ faits.x }}", subject="<b>{{ faits.x }}</b>").render("essai", context(faits=facts))
    assert "<script>" not in rendered.html
    assert "<b>" not in rendered.html
    page = _Page(rendered.html)
    assert page.links == ['https://a.fr/"onclick="b']
    assert page.tags.count("a") == 1


def test_one_renderer_serves_many_threads(context: Any) -> None:
    renderer = Renderer()
    keys = sorted(renderer.names()) * 4
    texts: dict[str, set[str]] = {key: set() for key in keys}
    switch = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        threads = [
            threading.Thread(target=lambda key=key: texts[key].add(renderer.render(key, context()).text))
            for key in keys
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(switch)
    assert {key: len(found) for key, found in texts.items()} == dict.fromkeys(keys, 1)


# -- what the object shows


@pytest.mark.parametrize(
    "name",
    ["destinataire.nom", "destinataire.prenom", "destinataire.salutation", "destinataire.role", "dossier.etat",
     "acte.label", "etablissement.adresse", "lien"],
)  # fmt: skip
@pytest.mark.parametrize(
    "form", ["{{{{ {} }}}}", "{{% if {} is defined %}}x{{% endif %}}", '{{{{ "a" if {} else "b" }}}}']
)
def test_an_object_reads_no_name_nor_what_is_for_the_reader_alone(
    house: House, context: Any, name: str, form: str
) -> None:
    renderer = house("Texte.", f"Dossier {form.format(name)}")
    [fault] = renderer.check("essai")
    assert fault.startswith(f"ligne 1 : l’objet ne peut pas lire « {name} »")
    assert refused(renderer, context()).data["reason"] == "refused"


@pytest.mark.parametrize("name", ["documents_manquants", "documents_demandes", "faits", "destinataire"])
def test_an_object_walks_through_nothing(house: House, name: str) -> None:
    assert house("Texte.", f"x {{% for un in {name} %}}{{{{ un }}}}{{% endfor %}}").check("essai") != []


def test_the_text_may_read_what_the_object_may_not(house: House) -> None:
    body = "{{ destinataire.salutation }} {{ destinataire.nom }} {{ dossier.etat }} {{ faits.motifs }}"
    renderer = house(body, "Le {{ faits.date_rdv|date_courte }}, dossier {{ dossier.numero }}")
    assert renderer.check("essai") == []
    assert renderer.object_mentions("essai") == {"faits.date_rdv", "dossier.numero"}
