"""Inline XBRL: valid for Arelle without a network, and every fact it reads is the number that was printed."""

import io
import json
import os
import subprocess
import sys
import zipfile
from dataclasses import replace
from decimal import Decimal

import pytest
from lxml import etree

from plumbline.kernel.period import span
from plumbline.reports.export import ixbrl
from plumbline.reports.export.fact import facts
from plumbline.reports.export.inline import IX, XHTML, measure
from plumbline.reports.export.layout import whole
from plumbline.reports.export.taxonomy import concept_of
from plumbline.reports.export.tests import made

# Arelle in a process of its own: what it finds wrong, and the facts it reads
PROBE = """
import json, sys
from arelle.api.Session import Session
from arelle.RuntimeOptions import RuntimeOptions
options = RuntimeOptions(entrypointFile=sys.argv[1], internetConnectivity="offline", validate=True, keepOpen=True,
                         logFormat="[%(messageCode)s] %(message)s", packages=sys.argv[2:] or None)
with Session() as session:
    session.run(options, logFileName="logToBuffer")
    logs = [record for record in json.loads(session.get_logs("json"))["log"] if record["level"] not in ("info", "debug")]
    facts = []
    for model in session.get_models():
        for fact in model.factsInInstance:
            context = fact.context
            day = context.instantDatetime if context.isInstantPeriod else context.endDatetime
            facts.append([fact.id, fact.qname.localName, str(fact.xValue), fact.decimals, str(fact.unit.measures[0][0]),
                          context.entityIdentifier[1], str(context.startDatetime or ""), str(day),
                          sorted([str(key), value.typedMember.textValue] for key, value in context.qnameDims.items())])
    print(json.dumps([logs, facts]))
"""


@pytest.fixture(scope="module")
def paper():
    return whole(made.paper(topics=9))


@pytest.fixture(scope="module")
def files(paper):
    package = zipfile.ZipFile(io.BytesIO(ixbrl(paper)))
    return {name.removeprefix("report/"): package.read(name) for name in package.namelist()}


def validated(folder, data):
    """What Arelle says of a package, and the facts it finds, with no network and no home."""
    zipfile.ZipFile(io.BytesIO(data)).extractall(folder)
    environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "XDG_CONFIG_HOME": str(folder), "LANG": "C.UTF-8"}
    done = subprocess.run([sys.executable, "-c", PROBE, str(folder / "report/reports/report.xhtml")], env=environment,
                          capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.slow
def test_arelle_finds_no_error_and_the_same_facts(paper, tmp_path):
    logs, found = validated(tmp_path, ixbrl(paper))
    assert logs == []
    bound = [fact for line in facts(paper) for fact in line]
    assert len(found) == len(bound) == 270
    by_key = {row[0]: row for row in found}
    for fact in bound:
        _, name, value, decimals, unit, area, start, end, cell = by_key[fact.key]
        assert name == concept_of(fact).name
        assert Decimal(value) == fact.value
        assert decimals == ("INF" if fact.decimals is None else str(fact.decimals))
        assert unit == measure(fact.cite.unit).replace("figures:", "")
        assert area == fact.cite.area
        first, last = span(fact.cite.period)
        assert start[:10] == ("" if fact.cite.period.startswith("@") else first.isoformat())
        assert end[:10] == (last.fromordinal(last.toordinal() + 1)).isoformat()  # a day ends where the next begins
        assert cell == sorted([f"figures:{key}_part", text] for key, text in fact.cite.cell)


@pytest.mark.slow
@pytest.mark.parametrize(("was", "now", "code"), [
    ('decimals="INF"', 'decimals="much"', "xmlSchema"),
    ('name="figures:made_output_0_by_topic"', 'name="figures:unheard_of"', "xbrl"),
    ("figures:topic_part", "figures:other_part", "xbrldie"),
])
def test_arelle_does_find_what_is_wrong(paper, tmp_path, was, now, code):
    package = zipfile.ZipFile(io.BytesIO(ixbrl(paper)))
    spoiled = io.BytesIO()
    with zipfile.ZipFile(spoiled, "w") as out:
        for name in package.namelist():
            data = package.read(name).decode()
            out.writestr(name, data.replace(was, now, 1) if name.endswith(".xhtml") else data)
    logs, _ = validated(tmp_path, spoiled.getvalue())
    assert logs


def test_the_same_paper_gives_the_same_bytes(paper):
    assert ixbrl(paper) == ixbrl(made.paper(topics=9))


def test_people_read_the_same_words_as_in_the_paper(paper, files):
    root = etree.fromstring(files["reports/report.xhtml"])
    for hidden in root.iter(f"{{{IX}}}header"):
        hidden.getparent().remove(hidden)
    body = root.find(f"{{{XHTML}}}body")
    lines = ["".join(node.itertext()) for node in body if node.get("class") not in (None, "marked")]
    assert lines == [one.text for one in paper.paragraphs]


def test_a_fall_is_negative_and_its_digits_are_not(files):
    root = etree.fromstring(files["reports/report.xhtml"])
    falls = [node for node in root.iter(f"{{{IX}}}nonFraction") if node.get("sign") == "-"]
    assert {(node.text, node.get("scale")) for node in falls} >= {("3.4", "-2")}
    assert all(node.get("name").endswith("yoy_by_topic") for node in falls)


def test_signs_scales_and_separators_are_told_apart(files):
    told = {}
    for node in etree.fromstring(files["reports/report.xhtml"]).iter(f"{{{IX}}}nonFraction"):
        told.setdefault(node.get("name"), node)
    level, fall, firms, rank = (told[f"figures:made_{name}"] for name in (
        "output_0_by_topic", "output_0_yoy_by_topic", "firms_0_by_topic_at", "output_0_rank_by_topic"))
    assert (level.text, level.get("scale"), level.get("decimals")) == ("11.59", "8", "-6")
    assert (fall.text, fall.get("scale"), fall.get("sign")) == ("3.1", "-2", None)
    assert (firms.text, firms.get("format"), firms.get("decimals")) == ("1,230", "ixt:num-dot-decimal", "INF")
    assert (rank.text, rank.getparent().tag) == ("3", f"{{{IX}}}hidden")


def test_a_number_leads_to_the_page_of_its_figure(paper):
    linked = zipfile.ZipFile(io.BytesIO(ixbrl(replace(paper, addresses={1: "https://plumbline.example/figures/1/"}))))
    root = etree.fromstring(linked.read("report/reports/report.xhtml"))
    anchors = list(root.iter(f"{{{XHTML}}}a"))
    assert {node.get("href") for node in anchors} == {"https://plumbline.example/figures/1/"}
    assert len(anchors) == sum(1 in cite.figures for cite in paper.cites)
