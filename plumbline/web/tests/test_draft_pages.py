"""The pages of drafts, sent reports and questions: written, bound, handed on, sent, asked, answered."""

import io
import zipfile

import pytest
from django.urls import reverse

from plumbline.reports import drafting, sending
from plumbline.reports.export import portable
from plumbline.reports.tests import drafted
from plumbline.store import documents, drafts, figures
from plumbline.store.models import Document, Draft, Entry, Question
from plumbline.store.tests import made
from plumbline.web.tests import world as browsers

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(settings):
    return drafted.world(settings)


@pytest.fixture
def client(world):
    return browsers.browser(world.planner)


def get(client, name, *key, **query):
    answer = client.get(reverse(name, args=key), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def post(client, name, *key, status=302, **data):
    answer = client.post(reverse(name, args=key), data)
    assert answer.status_code == status, (name, answer.status_code, answer.content.decode()[:800])
    return answer


def sent(world):
    n = drafting.submit(world.planner, world.catalog, world.draft, world.draft.version).n
    n = drafts.approve(world.reviewer, world.draft.pk, n).n
    return sending.send(world.leader, world.draft, n)


def test_a_draft_shows_every_number_with_what_it_stands_for(world, client):
    page = get(client, "draft", world.draft.pk)
    assert page.count('class="n is-bound"') == 4  # three in the text, one in the legend's place
    assert '，云溪区，2025年上半年，68家，据 68 条记录"' in page
    line = world.draft.lines.get(position=2)
    card = get(client, "draft-number", world.draft.pk, line.pk, 1)
    for words in ("68家", "计数", "68 条", "企业退出台账", "虚构办法"):
        assert words in card


def test_a_new_draft_begins_with_the_outline_of_the_genre_or_of_an_earlier_report(world, client):
    told = {"title": "云溪区2026年上半年报告（虚构）", "area": made.DISTRICT, "period": "2026H1", "kind": "plan half-year",
            "issuer": "", "occasion": "", "delivered_on": "", "outline": "half-year"}
    post(client, "draft-new", **told)
    draft = Draft.objects.latest("pk")
    assert draft.lines.filter(kind="heading1").count() == 3
    sent(world)
    version = Draft.objects.get(pk=world.draft.pk).versions.get(action="sent")
    post(client, "draft-new", **told | {"title": "另一份", "outline": f"version-{version.pk}"})
    assert [(line.kind, line.text) for line in Draft.objects.latest("pk").lines.all()] == [
        ("heading1", "一、上半年进展"), ("body", ""), ("heading1", "二、群众评价"), ("body", "")]
    before = made.everything()
    page = post(client, "draft-new", status=400, **told | {"title": "", "period": "去年"}).content.decode()
    assert "请填写标题" in page
    assert "不是报告期" in page
    assert made.everything() == before


def test_lines_are_written_moved_and_removed_on_the_page(world, client):
    draft, line = world.draft.pk, world.draft.lines.get(position=2)
    page = get(client, "draft", draft, edit=line.pk)
    assert "退出企业{1：68家}" in page
    post(client, "draft-line", draft, line.pk, text="共退出企业{1：68家}。\n另一段。", version=0, kind="body")
    post(client, "draft-add", draft, text="最后一段。", kind="body")
    last = world.draft.lines.last()
    post(client, "draft-line", draft, last.pk, do="up", version=last.version)
    assert [one.text for one in world.draft.lines.all()] == [
        "一、上半年进展", "共退出企业{works.moved:level}。", "另一段。", "二、群众评价", "最后一段。",
        "满意率为{works.pleased:level}。"]
    post(client, "draft-line", draft, last.pk, do="remove", version=last.version + 1)
    assert not world.draft.lines.filter(text="最后一段。").exists()


def test_who_was_slower_keeps_what_he_typed(world, client):
    line = world.draft.lines.get(position=2)
    drafts.edit_line(world.reviewer, line.pk, "先改好的。", 0)
    page = post(client, "draft-line", world.draft.pk, line.pk, status=409, text="我写的。", version=0).content.decode()
    assert "刚被他人修改" in page
    assert "我写的。" in page
    page = post(client, "draft-line", world.draft.pk, line.pk, status=400, text="坏了{works.moved", version=1).content.decode()
    assert "坏了{works.moved" in page
    assert world.draft.lines.get(position=2).text == "先改好的。"


def test_a_ready_sentence_goes_below_its_heading_or_to_the_chosen_line(world, client):
    picker = get(client, "draft-sentences", world.draft.pk)
    assert "退出企业68家，涉及从业人员747人。" in picker
    assert "二、群众评价（1）" in picker
    post(client, "draft-add", world.draft.pk, sentence="works.moved", after="")
    assert world.draft.lines.get(position=3).text == "退出企业{works.moved:level}，涉及从业人员{works.jobs:level}。"
    last = world.draft.lines.last()
    post(client, "draft-add", world.draft.pk, sentence="works.pleased", after=last.pk)
    assert world.draft.lines.last().text == "满意率为{works.pleased:level}。" * 2
    post(client, "draft-add", world.draft.pk, status=400, sentence="works.none", after="")


def test_an_unbound_number_is_bound_or_declared_with_a_reason(world, client):
    line = drafts.append_line(world.planner, world.draft.pk, "body", "全区退出企业68家，涉及街道5个。")
    page = get(client, "draft", world.draft.pk)
    assert page.count('class="n is-unbound"') == 3
    first, second = drafting.sheet(world.catalog, world.draft).lines[-1].unbound
    card = get(client, "draft-unbound", world.draft.pk, line.pk, first.start, first.end)
    assert "{works.moved:level}" in card
    assert "相符" in card
    assert "{works.jobs:level}" in get(client, "draft-unbound", world.draft.pk, line.pk, first.start, first.end, q="从业")
    post(client, "draft-bind", world.draft.pk, line.pk, start=second.start, end=second.end, literal=1, why="按区划", version=0)
    post(client, "draft-bind", world.draft.pk, line.pk, start=first.start, end=first.end, slot="{works.moved:level}", version=1)
    line.refresh_from_db()
    assert line.text == "全区退出企业{works.moved:level}，涉及街道{=5个}。"
    assert Entry.objects.filter(action="draft.line-edit", why="按区划").count() == 1
    before = made.everything()
    for wrong in ({"literal": 1, "why": ""}, {"slot": "68家"}, {"slot": "{works.moved|area:110112:level}"}, {"start": "x"}):
        told = {"start": 0, "end": 2, "version": 2} | wrong
        answer = client.post(reverse("draft-bind", args=[world.draft.pk, line.pk]), told)
        assert answer.status_code in (400, 403), wrong
    assert made.everything() == before


def test_figures_are_found_by_a_word_and_put_in(world, client):
    assert "满意率：73.5%" in get(client, "draft-figures", world.draft.pk, q="满意")
    line = world.draft.lines.last()
    post(client, "draft-add", world.draft.pk, slot="{works.jobs:level}", after=line.pk)
    assert world.draft.lines.last().text == "满意率为{works.pleased:level}。{works.jobs:level}"


def test_a_draft_is_handed_on_from_page_to_page(world, client):
    key = world.draft.pk
    post(client, "draft-head", key, title="云溪区上半年报告（虚构）", version=0)
    post(client, "draft-submit", key, version=1)
    page = get(client, "draft", key)
    assert "须由另一位同志审核" in page
    assert f'action="{reverse("draft-approve", args=[key])}"' not in page
    post(client, "draft-approve", key, n=1, status=403)
    reviewer, leader = browsers.browser(world.reviewer), browsers.browser(world.leader)
    post(reviewer, "draft-return", key, status=400, n=1, why="")
    assert Draft.objects.get().state == "reviewing"
    post(reviewer, "draft-return", key, n=1, why="标题不全")
    post(client, "draft-submit", key, version=Draft.objects.get().version)
    post(reviewer, "draft-approve", key, n=3)
    post(client, "draft-send", key, n=4, status=403)
    post(leader, "draft-send", key, n=4)
    document = Document.objects.get()
    assert "签发" in get(client, "draft", key)
    assert get(leader, "report", document.pk).count('class="n is-bound"') == 4


def test_a_draft_given_up_before_anything_was_handed_on_can_still_be_read(world, client):
    post(client, "draft-withdraw", world.draft.pk, status=400, version=0, why="")
    post(client, "draft-withdraw", world.draft.pk, version=0, why="并入全年报告")
    page = get(client, "draft", world.draft.pk)
    assert "68家" in page
    assert 'class="draft-tools' not in page
    line = world.draft.lines.first()
    post(client, "draft-line", world.draft.pk, line.pk, status=409, text="再改", version=0)


def test_versions_are_read_and_held_against_each_other(world, client):
    key, line = world.draft.pk, world.draft.lines.last()
    n = drafting.submit(world.planner, world.catalog, world.draft, 0).n
    drafts.return_(world.reviewer, key, n, "补一句")
    drafts.edit_line(world.planner, line.pk, "群众满意率为{works.pleased:level}。", 0)
    drafting.submit(world.planner, world.catalog, Draft.objects.get(), Draft.objects.get().version)
    page = client.get(reverse("draft-version", args=[key, 3]), {"with": 1}).content.decode()
    assert "<ins>群众</ins>满意率为73.5%。" in page
    assert "另有 3 段相同" in page
    assert "73.5%" in get(client, "draft-version", key, 1)
    assert "满意率" in get(client, "draft-version-cite", key, 1, 3)


def test_a_draft_is_checked_against_figures_and_itself(world, client):
    drafts.append_line(world.planner, world.draft.pk, "body", "退出企业{=70家}。")
    page = get(client, "draft-check", world.draft.pk)
    assert "<b>3</b> 与数值相符" in page
    assert "70家" in page


def test_a_draft_and_a_report_are_handed_out_as_word_and_as_xbrl(world, client):
    for form in ("docx", "ixbrl"):
        assert client.get(reverse("draft-export", args=[world.draft.pk, form])).content[:2] == b"PK"
    document = sent(world)
    answer = client.get(reverse("report-export", args=[document.pk, "docx"]))
    assert answer.content == documents.bytes_of(document)
    answer = client.get(reverse("report-export", args=[document.pk, "ixbrl"]))
    told = zipfile.ZipFile(io.BytesIO(answer.content)).read("report/reports/report.xhtml").decode()
    figure = figures.Cite.objects.first().figures.get().figure_id
    assert f"http://testserver{reverse('figure', args=[figure])}" in told
    assert client.get(reverse("report-export", args=[document.pk, "exe"])).status_code == 400


def test_where_libreoffice_is_absent_or_silent_a_clear_word_says_so(world, client, monkeypatch):
    address = reverse("draft-export", args=[world.draft.pk, "pdf"])
    monkeypatch.setattr(portable.shutil, "which", lambda _: None)
    answer = client.get(address)
    assert (answer.status_code, "没有安装 LibreOffice" in answer.content.decode()) == (400, True)
    monkeypatch.setattr(portable.shutil, "which", lambda _: "false")
    answer = client.get(address)
    assert (answer.status_code, "没有做出 pdf" in answer.content.decode()) == (503, True)


def test_a_sent_report_marks_what_has_changed_and_says_why(world, client):
    document = sent(world)
    drafted.delivered(world.planner, world.catalog, many=70, replaces=world.batch)
    drafting.sheet(world.catalog, Draft.objects.get())
    page = get(client, "report", document.pk)
    assert "发出后有 3 个数已变化" in page
    assert "（印作 68家）：68家 → 70家" in page
    assert "68家 → 70家" not in get(client, "draft", world.draft.pk)
    assert "后来变了：68家 → 70家" in get(client, "report-cite", document.pk, 1)
    rows = client.get(reverse("reports-json")).json()["list"]["rows"]
    assert (rows[0]["cites"], rows[0]["changes"]) == (3, 3)


def test_a_deputy_asks_a_planner_answers_and_the_deputy_closes(world, client):
    document, deputy = sent(world), browsers.browser(world.deputy)
    assert "质疑这个数" in get(deputy, "report-cite", document.pk, 1)
    post(deputy, "report-ask", document.pk, 1, text="含不含搬迁的？")
    asked = Question.objects.get()
    assert 'class="plumb-waits"' in get(client, "reports")
    assert 'class="plumb-waits"' not in get(deputy, "reports")
    post(client, "question-answer", asked.pk, text="不含。", version=0)
    assert "不含。" in get(deputy, "question", asked.pk)
    post(client, "question-answer", asked.pk, text="再说一遍。", version=0, status=409)
    post(deputy, "question-close", asked.pk, version=1)
    assert Question.objects.get().state == "closed"
    page = post(deputy, "report-ask", document.pk, 1, text=" ", status=400).content.decode()
    assert "请写下问题" in page
    assert figures.Question.objects.count() == 1


def test_lists_are_filtered_and_exported(world, client):
    sent(world)
    figures.question(world.deputy, figures.Cite.objects.first().pk, "为什么？")
    for name, word in (("drafts", "云溪区2025年"), ("reports", "云溪区2025年"), ("questions", "为什么？")):
        assert word in get(client, name)
        assert word not in get(client, name, q="没有这样的")
        assert word in browsers.drained(client.get(reverse(f"{name}-csv"))).decode()
        assert client.get(reverse(f"{name}-xlsx")).content[:2] == b"PK"
    assert "为什么？" not in get(client, "questions", state="closed")


@pytest.mark.parametrize("name", ["drafts", "reports", "questions"])
def test_a_longer_list_asks_no_more_of_the_database(world, client, django_assert_max_num_queries, name):
    document = sent(world)
    cite = figures.Cite.objects.filter(document=document).first()
    figures.question(world.deputy, cite.pk, "一？")
    client.get(reverse(name))
    with django_assert_max_num_queries(40) as few:
        client.get(reverse(name))
    for at in range(5):
        drafts.create(world.planner, drafted.HEAD, drafted.LINES)
        figures.question(world.deputy, cite.pk, f"第{at}个？")
    with django_assert_max_num_queries(len(few)):
        client.get(reverse(name))


def test_a_longer_draft_and_report_ask_no_more_of_the_database(world, client, django_assert_max_num_queries):
    def asked(name, key):
        client.get(reverse(name, args=[key]))
        with django_assert_max_num_queries(60) as counted:
            client.get(reverse(name, args=[key]))
        return len(counted)

    few = asked("draft", world.draft.pk), asked("report", sent(world).pk)
    long = drafts.create(world.planner, drafted.HEAD, drafted.LINES * 12)
    world.draft = long
    assert (asked("draft", long.pk), asked("report", sent(world).pk)) == few
