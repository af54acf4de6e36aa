"""Drafts read as their figures stand; what is sent reads back with every number in its place."""

import io
import json
from datetime import date
from decimal import Decimal

import pytest
from docx import Document as Word

from plumbline.engine.refresh import refresh
from plumbline.kernel import BadInput, Conflict, Coverage, NotAllowed
from plumbline.reports import drafting, sending
from plumbline.reports.tests import drafted
from plumbline.reports.wording import meant, parts_of, put
from plumbline.store import batches, documents, drafts, figures, plans
from plumbline.store.models import Cite, Document, Draft, Figure, Target
from plumbline.store.tests import made

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings):
    return drafted.world(settings)


def texts(world):
    return [line.text for line in drafting.sheet(world.catalog, Draft.objects.get()).lines]


def test_every_slot_reads_as_its_figure_stands(world):
    made_now = drafting.sheet(world.catalog, world.draft)
    assert [line.text for line in made_now.lines] == [
        "一、上半年进展", "上半年，退出企业68家，涉及从业人员747人。", "二、群众评价", "满意率为73.5%。"]
    assert [(cite.ref, str(cite.value)[:7]) for cite in made_now.paper.cites] == [
        ("works.moved", "68"), ("works.jobs", "747"), ("works.pleased", "0.73529")]
    assert made_now.findings == []
    assert all(made_now.figures[cite.figures[0]].indicator == cite.ref for cite in made_now.paper.cites)


def test_numbers_follow_the_records_and_the_line_says_what_moved(world):
    drafting.sheet(world.catalog, world.draft)
    line = world.draft.lines.get(position=2)
    drafting.save_line(world.planner, world.catalog, line, "退出企业{works.moved:level}。", line.version)
    drafted.delivered(world.planner, world.catalog, many=70, replaces=world.batch)
    now = drafting.sheet(world.catalog, world.draft).lines[1]
    assert now.text == "退出企业70家。"
    [moved] = now.moved.values()
    assert (moved.before.value, moved.after.value) == ("68", "70")
    drafts.acknowledge(world.planner, line.pk)
    assert drafting.sheet(world.catalog, world.draft).lines[1].moved == {}


def test_a_number_that_stands_for_nothing_is_marked_and_offered_its_figure(world):
    drafts.append_line(world.planner, world.draft.pk, "body", "全区退出企业68家。")
    made_now = drafting.sheet(world.catalog, world.draft)
    [one] = made_now.lines[-1].unbound
    assert made_now.lines[-1].text[one.start:one.end] == "68家"
    best = drafting.proposals(made_now, one)[0]
    assert (best.slot, best.agrees) == ("{works.moved:level}", True)
    line = made_now.lines[-1]
    drafting.save_line(world.planner, world.catalog, line.row, put(line.parts, one.start, one.end, best.slot), 0)
    again = drafting.sheet(world.catalog, world.draft)
    assert (again.lines[-1].row.text, again.lines[-1].unbound) == ("全区退出企业{works.moved:level}。", ())


def test_what_is_not_bound_or_is_empty_is_not_handed_on(world):
    drafts.append_line(world.planner, world.draft.pk, "body", "全区退出企业68家。")
    drafts.append_line(world.planner, world.draft.pk, "body", "退出企业数{works.moved|yoy:growth}。")
    with pytest.raises(BadInput) as refusal:
        drafting.submit(world.planner, world.catalog, world.draft, Draft.objects.get().version)
    assert [(finding.check, finding.where[:3]) for finding in refusal.value.findings] == [
        ("draft.unbound", "第5段"), ("figure.empty", "第6行")]
    assert Draft.objects.get().state == "writing"


@pytest.mark.parametrize(("template", "error"), [
    ("{works.nothing:level}", BadInput), ("{works.moved", BadInput), ("{works.moved|area:110112}", NotAllowed),
    ("{works.moved:rank}", BadInput), ("{9：68家}", BadInput)])
def test_a_slot_that_cannot_be_is_refused(world, template, error):
    line = world.draft.lines.first()
    with made.refused(error):
        drafting.save_line(world.planner, world.catalog, line, meant(template, line.text), line.version)


def test_a_writer_sees_numbers_and_the_line_keeps_slots(world):
    line = drafting.sheet(world.catalog, world.draft).lines[1]
    assert line.typed == "上半年，退出企业{1：68家}，涉及从业人员{2：747人}。"
    assert meant(line.typed, line.row.text) == line.row.text
    assert meant("从业人员{2：随便}，{=17}项。", line.row.text) == "从业人员{works.jobs:level}，{=17}项。"


def test_binding_needs_plain_words(world):
    numbers = drafting.basis_of(world.catalog, world.draft, ())
    parts = parts_of("退出{works.moved:level}，另有5家。", numbers, made.DISTRICT, drafted.PERIOD)
    assert put(parts, 8, 10, "{=5家}") == "退出{works.moved:level}，另有{=5家}。"
    for start, end in ((2, 5), (1, 3), (40, 42)):
        with pytest.raises(BadInput):
            put(parts, start, end, "{=x}")


def test_ready_sentences_are_filled_in_or_say_why_not(world):
    found = {one.sentence.key: (one.text, bool(one.why_not)) for one in drafting.offers(
        world.catalog, world.draft, list(world.catalog.sentences.values()))}
    assert found["works.moved"] == ("退出企业68家，涉及从业人员747人。", False)
    assert found["works.pleased"] == ("满意率为73.5%。", False)
    assert found["works.growth"][1]


def sent(world):
    n = drafting.submit(world.planner, world.catalog, world.draft, world.draft.version).n
    n = drafts.approve(world.reviewer, world.draft.pk, n).n
    return sending.send(world.leader, world.draft, n)


def test_a_report_is_sent_with_every_number_in_its_place(world):
    document = sent(world)
    assert (document.title, document.kind, document.area, document.period, document.published, document.example) == (
        drafted.HEAD.title, "plan half-year", made.DISTRICT, drafted.PERIOD, True, True)
    cites = list(Cite.objects.filter(document=document))
    assert [(cite.surface, document.text[cite.start:cite.end], cite.claim is not None) for cite in cites] == [
        ("68家", "68家", True), ("747人", "747人", True), ("73.5%", "73.5%", True)]
    assert cites[0].sentence == "上半年，退出企业68家，涉及从业人员747人。"
    word = Word(io.BytesIO(documents.bytes_of(document)))
    assert any("群众评价" in paragraph.text for paragraph in word.paragraphs)
    assert figures.changed_since(document.pk) == []


def test_what_changed_after_approval_goes_out_only_with_a_reason(world):
    n = drafting.submit(world.planner, world.catalog, world.draft, world.draft.version).n
    n = drafts.approve(world.reviewer, world.draft.pk, n).n
    drafted.delivered(world.planner, world.catalog, many=70, replaces=world.batch)
    drafting.sheet(world.catalog, Draft.objects.get())
    with made.refused(BadInput) as refusal:
        sending.send(world.leader, world.draft, n)
    assert "68" in refusal.value.findings[0].message
    document = sending.send(world.leader, world.draft, n, "按六月底口径")
    assert "68家" in document.text
    assert {(one.before.value, one.after.value) for one in figures.changed_since(document.pk)} >= {("68", "70")}


def test_a_version_that_is_not_there_is_not_sent(world):
    with made.refused(Conflict):
        sending.send(world.leader, world.draft, 7)
    assert Document.objects.count() == 0


def test_paragraphs_that_read_alike_keep_their_own_places(world):
    for text in ("退出企业{=68家}。", "退出企业{works.moved:level}。", "退出企业{works.moved:level}。"):
        drafts.append_line(world.planner, world.draft.pk, "body", text)
    world.draft.refresh_from_db()
    document = sent(world)
    lines = [document.text.count("\n", 0, cite.start) for cite in Cite.objects.filter(document=document, surface="68家")]
    told = [at for at, line in enumerate(document.text.split("\n")) if line == "退出企业68家。"]
    assert lines[1:] == told[1:]
    assert len(told) == 3


def test_a_special_letter_does_not_move_a_number(world):
    drafts.append_line(world.planner, world.draft.pk, "body", "引号“甲”、全角　空格、①号、㎡，退出企业{works.moved:level}。")
    world.draft.refresh_from_db()
    document = sent(world)
    assert {document.text[cite.start:cite.end] == cite.surface for cite in document.cites.all()} == {True}
    assert document.cites.last().surface == "68家"


def test_a_share_of_the_target_is_of_what_the_plan_promises(world):
    line = drafts.append_line(world.planner, world.draft.pk, "body", "退出企业{works.moved|of_target:of_target}。")
    assert "没有设定目标" in drafting.sheet(world.catalog, world.draft).lines[-1].findings[0].message
    document = made.document(world.planner)
    [target] = plans.commit(world.planner, [document.claims.get(number=4).pk], "纪要")
    plans.edit(world.planner, target.pk, {"indicator": world.catalog.indicators["works.moved"]}, "对应", target.version)
    assert drafting.sheet(world.catalog, world.draft).lines[-1].text == "退出企业完成全年目标的75.6%。"
    assert line.pk
    for value, unit, whole in (("5", "‰", "0.005"), ("60", "%", "0.6"), ("3", "万元", "30000"), ("90", "家", "90")):
        Target.objects.update(value=value, unit=unit)
        assert drafting.target_of("works.moved", made.DISTRICT, "2025H1") == Decimal(whole)


def test_words_bring_no_other_districts_number_to_light(world):
    rows = [row | {"area": made.NEIGHBOUR, "number": f"邻{row['number']}"} for row in drafted.rows(37, 20)]
    lines = "\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
    batches.receive(world.neighbour, world.catalog.tables["works.firms"], "邻区.jsonl", lines.encode(),
                    Coverage((made.NEIGHBOUR,), date(2025, 1, 1), date(2025, 6, 30)), why="报送")
    text = "通州区退出企业数36家。退出企业数高于通州区31家。"
    draft = drafts.create(world.planner, drafted.HEAD, [("body", text)])
    sheet = drafting.sheet(world.catalog, draft)
    assert [drafting.proposals(sheet, one) for one in sheet.lines[0].unbound] == [[], []]
    held, _ = drafting.checked(world.catalog, draft)
    assert [(one.verdict, one.ref) for one in held] == [("cannot tell", None)] * 2
    assert not Figure.objects.filter(area=made.NEIGHBOUR).exists()


def test_what_changed_is_asked_for_once_however_much_there_is(world, django_assert_max_num_queries):
    n = drafts.approve(world.reviewer, world.draft.pk, drafting.submit(world.planner, world.catalog, world.draft, 0).n).n
    document = sending.send(world.leader, world.draft, n)
    drafted.delivered(world.planner, world.catalog, 70, 40, replaces=world.batch)
    keys = [(key, made.DISTRICT, drafted.PERIOD, ()) for key in ("works.moved", "works.jobs", "works.pleased")]
    refresh(world.catalog, keys)
    with django_assert_max_num_queries(4):
        found = figures.changed_since(document.pk)
    assert [(one.before.value, one.after.value) for one in found][0] == ("68", "70")
    assert len(found) == 3
