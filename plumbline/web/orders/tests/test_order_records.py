"""An order and its row: the ring leads from the order to the figures that count it, and back."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from plumbline.engine import compute
from plumbline.kernel import BadInput, Coverage
from plumbline.store import batches, deliveries, figures
from plumbline.store.tests import made
from plumbline.web import links
from plumbline.web.orders.tests.district import browser, district, given, moved, page, refused, told

pytestmark = pytest.mark.django_db
ROWS = "small.rows"
FILE = b"number,area\nSX1,990101\n"


@pytest.fixture
def world(settings):
    return district(settings)


def published(world, settings):
    """How many were received this year, published."""
    catalog = settings.CATALOG
    order = given(world)
    inputs = {ROWS: batches.inputs(catalog.tables[ROWS])}
    run = figures.publish(None, compute(catalog, [catalog.indicators["small.received"]], str(order.opened_at.year),
                                        [made.DISTRICT], inputs))
    return order, run.figures.get()


def test_the_page_of_an_order_leads_to_its_row_and_the_figures_that_count_it(world, settings):
    order, figure = published(world, settings)
    (label, address), = told(world.planner, "order", order.number)["records"]
    assert (label, address) == ("事项", reverse("record", args=[ROWS, "entry", order.pk]))
    answer = browser(world.planner).get(address)
    assert answer.status_code == 200
    record = answer.context["screen"]
    assert record.order == (order.number, reverse("order", args=[order.number]))
    assert [one.key for one in record.ring.indicators] == ["small.received"]
    assert [one.href for one in record.ring.figures] == [links.figure(figure.pk)]
    assert f'href="{record.order[1]}"' in answer.content.decode()


def test_the_row_says_its_state_and_its_urgency_in_words(world):
    record = told(world.planner, "record", ROWS, "entry", given(world).pk)
    words = {cell["label"]: cell["words"] for cell in record["cells"]}
    assert (words["state"], words["state_kind"], words["office_kind"]) == ("办理中", "办理中", "街道乡镇")
    assert "given" not in words.values()


def test_the_rows_behind_a_figure_open_as_they_were_and_lead_to_what_is_now(world, settings):
    order, figure = published(world, settings)
    answer = browser(world.planner).get(links.figure(figure.pk), follow=True)
    (row,) = answer.context["screen"].behind.rows
    assert browser(world.planner).get(row["href"]).context["screen"].past == ""
    moved(world.holder, order, "answer", reply="已修好", finding="已解决")
    batches.inputs(settings.CATALOG.tables[ROWS])
    then = browser(world.planner).get(row["href"]).context["screen"]
    assert "存档时的内容，可能与现在不同" in then.past
    assert then.now == links.entry(ROWS, order.pk)
    assert browser(world.planner).get(then.now).context["screen"].past == ""


def test_a_row_is_closed_to_a_neighbour_a_deputy_and_another_office(world):
    order = given(world)
    assert page(world.stranger, "record", ROWS, "entry", order.pk).status_code == 404
    assert page(world.deputy, "record", ROWS, "entry", order.pk).status_code == 404
    assert page(world.second, "record", ROWS, "entry", order.pk).status_code == 404
    assert page(world.planner, "record", ROWS, "entry", order.pk + 1).status_code == 404


def test_a_table_of_orders_takes_no_file(world, settings):
    file = SimpleUploadedFile("事项.csv", FILE)
    refused(world.planner, 404, "deliver", ROWS, file=file, area=made.DISTRICT, first="2025-01-01", last="2025-06-30")
    assert "报送与批次" not in page(world.planner, "rows", ROWS).content.decode()
    with made.refused(BadInput) as raised:
        deliveries.hand_in(world.planner, settings.CATALOG.tables[ROWS], deliveries.Sent("事项.csv", [FILE]),
                           Coverage((made.DISTRICT,)))
    assert "随工单自动记下，不收文件" in raised.value.findings[0].message
