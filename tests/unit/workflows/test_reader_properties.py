"""Whatever the data, it reads back; whatever the text, it is read or refused."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from jalon.domain.errors import DefinitionError
from jalon.workflows import syntax
from jalon.workflows.reader import read

TEXTS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff")
    | st.sampled_from("\n\t :-#'\"")
)
DATA = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**17), 10**17)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS
    | st.sampled_from(["no", "on", "18:30", "2027-01-04", "1_000", "0o17", "1e3", "=", "<<", "~", "P8D*"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=15,
)


class Quoting(yaml.SafeDumper):
    """Writes each text between quotes, where YAML 1.1 and 1.2 agree, and no alias."""

    def ignore_aliases(self, data):
        return True


def quoted(dumper, text):
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')


Quoting.add_representer(str, quoted)


@given(st.dictionaries(TEXTS, DATA, max_size=5), st.booleans(), st.sampled_from([40, 10**6]))
def test_what_is_written_reads_back_equal(data, flow, width):
    assert read(yaml.dump(data, Dumper=Quoting, default_flow_style=flow, width=width)).data == data


FRAGMENTS = st.sampled_from(
    [
        "a: ",
        "\nb: ",
        "é: ",
        *"abé1:-?[]{},&*!|>'\"%@`#~\\ \t\n\r\0",
        ": ",
        "- ",
        "? ",
        "\n  ",
        "<<: ",
        "!!",
        "---\n",
        "...",
    ]
)


def refusals(text):
    try:
        read(text)
    except DefinitionError as error:
        return error.problems
    return ()


@given(st.lists(FRAGMENTS, max_size=40).map("".join) | st.text() | st.binary(max_size=60))
def test_any_text_is_read_or_refused_with_places(text):
    lines = len(text.splitlines()) + 2
    assert all(0 < problem.line <= lines and problem.column > 0 for problem in refusals(text))


@pytest.mark.skipif(not syntax.HAS_LIBYAML, reason="one parser only")
@given(st.lists(FRAGMENTS, max_size=25).map("".join))
def test_what_libyaml_reads_the_pure_parser_reads_alike_or_refuses(text):
    if refusals(text):
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(syntax, "_parser", syntax._PureParser)
        if not refusals(text):
            pure = read(text).data
            patch.undo()
            assert repr(read(text).data) == repr(pure)
