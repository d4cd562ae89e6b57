"""The people of the cases that were opened before people were recognised: found from the histories, once."""

from collections.abc import Mapping

from ..domain.timeline import timeline
from ..domain.workflow import Workflow
from ..persistence import cases as rows
from ..persistence import people
from ..persistence import persons as kept
from ..persistence.database import Connection
from .persons import people_of, row_of
from .recognising import Known, people_facts
from .stored import events_of
from .world import World

FILLED = "people"


def fill_people(world: World) -> None:
    """Keep the people of every case, once for a database; an adult with two homes counts in the older one."""
    with world.writing() as unit:
        if rows.read_meta(unit.connection, FILLED) is not None:
            return
        key = world.database.identity() or ""
        versions: dict[tuple[str, int], Workflow] = {}
        for number in sorted(rows.all_heads(unit.connection)):
            _case(unit.connection, number, key, versions)
        rows.write_meta(unit.connection, FILLED, "1")


def _case(connection: Connection, number: int, key: str, versions: dict[tuple[str, int], Workflow]) -> None:
    from ..workflows.compiled import restore

    row = rows.read_case(connection, number, lock=True)
    if row is None or kept.read_persons(connection, number):
        return
    version = (row.workflow, row.version)
    if version not in versions:
        found = people.read_version(connection, *version)
        if found is None:
            return
        versions[version] = restore(found.compiled)
    workflow = versions[version]
    if people_facts(workflow):
        acts = timeline(events_of(connection, number, workflow))
        _fill(connection, number, people_of(key, workflow, acts))


def _fill(connection: Connection, number: int, wanted: Mapping[str, Known]) -> None:
    kinds = {one.housed for one in wanted.values() if one.housed and one.adult}
    taken = {digest for kind in kinds for digest in kept.counted_elsewhere(connection, wanted, kind, number)}
    new = [
        row_of(number, one, bool(one.housed) and one.adult and digest not in taken)
        for digest, one in wanted.items()
    ]
    kept.write_persons(connection, [], [], new)
