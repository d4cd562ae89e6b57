"""What the tests of the workflow documents share."""

import pytest

from jalon.workflows import syntax

PURE, FAST = "pure", "libyaml"


@pytest.fixture(params=[FAST, PURE])
def parser(request, monkeypatch):
    """Both parsers give the same answers."""
    if request.param == PURE:
        monkeypatch.setattr(syntax, "_parser", syntax._PureParser)
    elif not syntax.HAS_LIBYAML:
        pytest.skip("PyYAML was built without libyaml")
