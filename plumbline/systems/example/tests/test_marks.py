"""A figure that rests on a parameter is counted again when the parameter changes."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from plumbline.engine.refresh import mark
from plumbline.kernel import Inputs, load
from plumbline.systems.example import demo

CATALOG = load([Path(demo.__file__).parent])
KEY = "example.planting.girth"


def test_a_changed_parameter_changes_the_mark_of_what_reads_it_and_of_nothing_else():
    inputs, parameter = Inputs(CATALOG.tables["example.trees"]), CATALOG.parameters[KEY]
    other = replace(parameter, values=(replace(parameter.values[0], value=Decimal(9)),))
    changed = replace(CATALOG, parameters={KEY: other})
    marks = {key: (mark(CATALOG, one, inputs), mark(changed, one, inputs)) for key, one in CATALOG.indicators.items()}
    assert {key for key, (before, after) in marks.items() if before != after} == {"example.slender"}
