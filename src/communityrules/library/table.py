"""The standard library: every table together."""

from __future__ import annotations

from typing import Final

from communityrules.library.actions import ACTIONS
from communityrules.library.aggregates import AGGREGATES
from communityrules.library.declare import Library
from communityrules.library.detectors import DETECTORS
from communityrules.library.disguise.steps import STEPS
from communityrules.library.entities import ENTITIES
from communityrules.library.events import EVENTS
from communityrules.library.functions import FUNCTIONS
from communityrules.library.operators import OPERATORS
from communityrules.library.words import GROUPS, PRIORITIES, UNITS

STANDARD: Final = Library(
    entities=ENTITIES,
    events=EVENTS,
    actions=ACTIONS,
    detectors=DETECTORS,
    functions=FUNCTIONS,
    aggregates=AGGREGATES,
    operators=OPERATORS,
    groups=GROUPS,
    values=PRIORITIES,
    units=UNITS,
    steps={one.names.en: one for one in STEPS},
)
