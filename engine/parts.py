"""The parts of an engine, put together: what its verbs need is loaded by the first engine, not by an import."""

from dataclasses import dataclass

from ..domain.ports import Clock, Transport
from .cases import Cases
from .clock import SystemClock
from .deadlines import Deadlines
from .establishments import Establishments
from .passes import Passes
from .people import People
from .places import Places
from .registry import Workflows
from .settings import Settings
from .world import World


@dataclass(frozen=True, slots=True)
class Parts:
    """Everything an engine is made of."""

    world: World
    workflows: Workflows
    establishments: Establishments
    people: People
    cases: Cases
    places: Places
    deadlines: Deadlines
    passes: Passes


def assemble(settings: Settings, clock: Clock | None, transport: Transport | str | None) -> Parts:
    """Put the parts together; nothing is opened yet. Raises InputError."""
    if isinstance(transport, str):
        from ..notifications.transport import transport as chosen

        transport = chosen(transport)
    world = World(settings, clock or SystemClock(), transport)
    workflows = Workflows(world)
    return Parts(
        world, workflows, Establishments(world, workflows), People(world, workflows), Cases(world, workflows),
        Places(world, workflows), Deadlines(world, workflows), Passes(world, workflows),
    )  # fmt: skip
