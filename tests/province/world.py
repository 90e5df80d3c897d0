"""What all chunks of a province share."""

from __future__ import annotations

from dataclasses import dataclass

from tests.province.agencies import Agencies, make_agencies
from tests.province.clock import Clock
from tests.province.plan import Arguments
from tests.province.procedures import Procedure, make_procedures


@dataclass(frozen=True)
class World:
    """Arguments, and what is made of them before any dossier."""

    arguments: Arguments
    clock: Clock
    agencies: Agencies
    procedures: tuple[Procedure, ...]


def make_world(arguments: Arguments) -> World:
    """Agencies, procedures and calendar of a province."""
    return World(
        arguments,
        Clock(arguments.year),
        make_agencies(arguments.seed, arguments.departments, arguments.communes),
        make_procedures(arguments.goals.catalogue if arguments.goals is not None else None),
    )
