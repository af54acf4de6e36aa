"""The clients of others, `sdmx1` and `pysdmx`, against the running server: structures and data without an error.

Every observation they read is the stored figure, digit for digit.
"""

import pytest
import sdmx

from plumbline.store.models import Figure
from plumbline.web.sdmx.codes import indicator_code, part_code
from plumbline.web.sdmx.tests import world
from plumbline.web.sdmx.times import frequency, time_period

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def door(live_server):
    """Address of the door, figures behind it, all of them printed."""
    told = world.published()
    for at, row in enumerate(Figure.objects.filter(state="current")):
        world.printing(told.planner, f"{at}.txt", row, True)
    return f"{live_server.url}/sdmx"


def stored():
    """Every figure as it is stored, by its key in SDMX."""
    return {(frequency(row.period), indicator_code(row.indicator), row.area, part_code(row.cell), time_period(row.period)):
            row.value or None for row in Figure.objects.filter(state="current")}


def client(door, **told):
    sdmx.add_source({"id": "PLUMBLINE", "url": door, "name": "Plumbline", **told}, override=True)
    return sdmx.Client("PLUMBLINE")


def of_sdmx1(message):
    """The observations of a message, by key."""
    return {tuple(str(one.key[name].value) for name in ("FREQ", "INDICATOR", "REF_AREA", "PART", "TIME_PERIOD")): one.value
            for each in message.data for one in each.obs}


def test_sdmx1_reads_structures(door):
    told = client(door)
    message = told.dataflow("FIGURES")
    structure = message.structure["FIGURES"]
    assert [one.id for one in structure.dimensions] == ["FREQ", "INDICATOR", "REF_AREA", "PART", "TIME_PERIOD"]
    assert message.codelist["CL_AREA"]["990101"].name["zh"] == "云溪区"
    assert message.codelist["CL_FREQ"]["S"].name["en"] == "Half-yearly"
    assert {one.id for one in told.codelist("all", params={"references": "none"}).codelist.values()} == {
        "CL_FREQ", "CL_INDICATOR", "CL_AREA", "CL_PART", "CL_OBS_STATUS", "CL_MISSING"}
    assert "OBS_VALUE" in told.conceptscheme("CONCEPTS").concept_scheme["CONCEPTS"]
    assert "PLUMBLINE" in told.agencyscheme().organisation_scheme["AGENCIES"]


def test_sdmx1_reads_generic_and_structure_specific_data(door):
    told = client(door)
    structure = told.datastructure("FIGURES").structure["FIGURES"]
    for message in (told.data("FIGURES"), told.data("FIGURES", dsd=structure)):
        read = of_sdmx1(message)
        assert {key: value if value is None else str(value) for key, value in read.items()} == stored()
