"""`plumbline demo ring [hotline|enterprise]`: a figure followed all the way round, one record changed, followed again.

The record is an entry of a register, with `hotline` a request that was called back, with `enterprise` a payment. It makes a
database of its own in a temporary folder, with invented records, and leaves nothing behind.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command

from plumbline import engine
from plumbline.engine.refresh import again, of_document
from plumbline.kernel import CITY, DIFFERS, Catalog, Indicator, area_name
from plumbline.kernel.expression import parse
from plumbline.kernel.figure import MISSING
from plumbline.kernel.printing import printed_amount
from plumbline.reports import drafting
from plumbline.reports.holding import hold
from plumbline.reports.reading.reader import read
from plumbline.site.commands import demo_orders, demo_records, demo_report
from plumbline.store import batches, drafts, figures, orders, people, registers
from plumbline.store.documents import Document, bytes_of
from plumbline.store.figures import Cite, Figure
from plumbline.store.orders import Order
from plumbline.store.registers import Item

OWN = "PLUMBLINE_RING"


@dataclass(frozen=True, slots=True)
class Ring:
    """A figure worth following: its indicator and period, the sentences it stands in, why a record of it is changed."""

    indicator: str
    period: str
    sentences: frozenset[str]
    why: str


RINGS = {
    "programmes": Ring("programmes.firms_done", demo_report.PERIOD,
                       frozenset({"programmes.firms", "programmes.outlets", "programmes.markets"}), "演示：现场核查发现仍在生产"),
    "hotline": Ring("hotline.solved", "2020-06", frozenset({"hotline.rates"}), "演示：来件人再次来电，回访结果补记更正"),
    "enterprise": Ring("enterprise.reward_yuan", demo_report.PERIOD, frozenset({"enterprise.rewards"}),
                       "演示：复核发现不符合条件，资金追回"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A figure of the report, and all that belongs to it."""

    ring: Ring
    document: Document
    cite: Cite
    figure: Figure
    indicator: Indicator


def main(arguments: list[str]) -> int:
    """Run the ring in a process of its own, whose data folder is temporary (or `--data`)."""
    options = parser().parse_args(arguments)
    if os.environ.get(OWN):
        return run(options.of)
    with tempfile.TemporaryDirectory(prefix="plumbline-ring-") as folder:
        own = {**os.environ, OWN: "1", "PLUMBLINE_DATA": options.data or folder}
        own.pop("DATABASE_URL", None)
        command = [sys.executable, "-m", "plumbline.site.commands", "demo", "ring", options.of]
        return subprocess.run(command, env=own, check=False).returncode


def parser() -> argparse.ArgumentParser:
    """The command's argument."""
    found = argparse.ArgumentParser("plumbline demo ring", description="沿着一个数走一圈：句子、数值、记录，再回到句子。")
    found.add_argument("of", nargs="?", choices=RINGS, default="programmes",
                       help="走哪一圈：专项行动（默认）、热线诉求或惠企资金")
    found.add_argument("--data", help="放数据的空文件夹；不写则用临时文件夹，结束后删除")
    return found


def run(key: str) -> int:
    """Make the records and the report, and go round twice."""
    if Path(settings.DATA, "plumbline.sqlite3").exists():
        print("这个文件夹里已有数据库，请另指定一个空文件夹。", file=sys.stderr)
        return 2
    call_command("migrate", verbosity=0)
    writer, reviewer, sender = (people.create_user(None, name, f"{name}-zhunsheng", label=label, role=role, area=CITY.code)
                                for name, label, role in (("writer", "起草人", "planner"), ("reviewer", "审核人", "planner"),
                                                          ("sender", "签发人", "leader")))
    demo_orders.offices()
    for line in (*demo_records.deliver(writer, [key]), *demo_orders.take_in(writer, [key])):
        print(f"导入 {line}")
    ring = RINGS[key]
    document = demo_report.sent(demo_report.written(writer, CITY.code, ring.sentences), writer, reviewer, sender)
    link = linked(ring, document)
    change(writer, link, around(link))
    return 0


def linked(ring: Ring, document: Document) -> Link:
    """The place of a report where the ring's figure is printed."""
    for cite in document.cites.filter(concept=ring.indicator).order_by("claim"):
        figure = cite.figures.get(place=0).figure
        if figure.period == ring.period:
            return Link(ring, document, cite, figure, settings.CATALOG.indicators[ring.indicator])
    raise LookupError(f"报告里没有 {ring.indicator} {ring.period}")


def around(link: Link) -> int:
    """From the sentence down to the rows, and from the first row, whose number is given, up to the sentence."""
    catalog: Catalog = settings.CATALOG
    claim = link.document.claims.get(number=link.cite.claim)
    step("报告里的句子", f"《{link.document.title}》", link.cite.sentence)
    step("读出的数字", f"{claim.subject}　{claim.surface}　数值 {claim.value} {claim.unit}　时期 {claim.period}　"
         f"第 {claim.start}–{claim.end} 字")
    step("它代表的数值", said(link.figure), f"公布批次 {link.figure.run_id}，{link.figure.run.at:%Y-%m-%d %H:%M:%S}，"
         f"由 {link.figure.run.engine} 计算")
    step("怎样计数", *how(catalog, link.indicator))
    inputs = {link.indicator.table: batches.inputs(catalog.tables[link.indicator.table])}
    rows = engine.rows_behind(catalog, link.indicator, link.figure.area, link.figure.period, inputs,
                              engine.Sight(engine.Page(0, 3)))
    step(f"背后的记录（{rows.count} 条，列出前 {len(rows.rows)} 条）", *(short(row) for row in rows.rows))
    up(catalog, inputs[link.indicator.table], rows.rows[0])
    entry = int(rows.rows[0]["row_"])
    equal = again(catalog, link.figure) == figures.counted(link.figure)
    step("用当时的记录再算一遍", "与公布的数值完全相同" if equal else "不同：请检查")
    return entry


def how(catalog: Catalog, one: Indicator) -> list[str]:
    """How an indicator counts, in Chinese and in SQL."""
    table = catalog.tables[one.table]
    where = parse(one.where, table, catalog.parameters)
    return [f"{one.label}（{one.source}）", f"在「{table.label}」中计数：{where.chinese()}",
            f"SQL：{where.sql('duckdb', demo_report.DELIVERED_ON)}"]


def up(catalog: Catalog, inputs: Any, row: dict[str, Any]) -> None:
    """From one row to the figures, sentences and documents that rest on it."""
    found = figures.resting(engine.figures_of(catalog, inputs, row), row["file_"])
    step("从其中一条记录往上", short(row), *(f"→ 数值　{said(one)}" for one in found.figures),
         *(f"→ 句子　「{one.surface}」　{one.sentence}（《{one.document.title}》，已发出）" for one in found.cites))


def change(writer: Any, link: Link, entry: int) -> None:
    """One record changed: the figure, the sentence as it would read now, and the mark on the sent report."""
    catalog: Catalog = settings.CATALOG
    changed = CHANGED.get(link.indicator.table, still_running)
    step("更改一条记录", *changed(writer, link, entry), f"理由：{link.ring.why}")
    of_document(catalog, link.document.pk)
    row = figures.current_of(link.figure)
    assert row is not None
    step("数值随之更新", f"{said(link.figure)}　→　{said(row)}", f"{row.reason}；旧值仍可查")
    step("已发出的报告标出", *(f"「{one.cite.surface}」　{value(one.before)} → {value(one.after)}　{one.cite.sentence}"
                       for one in figures.changed_since(link.document.pk)))
    fresh = drafting.sheet(catalog, demo_report.written(writer, CITY.code, link.ring.sentences))
    step("同一句子现在会写成", *{
        line.text for line in fresh.lines if any(one.concept == link.ring.indicator for one in line.cites)})
    paper = drafts.thawed(link.document.draft.versions.latest("n").paper)
    against = hold(read(bytes_of(link.document), link.document.name), fresh.basis, paper)
    step("拿发出的报告核对现在的数值", *(one.why for one in against if one.verdict == DIFFERS))


def still_running(writer: Any, link: Link, entry: int) -> list[str]:
    """An entry of a register that was done is not."""
    table, item = settings.CATALOG.tables[link.indicator.table], Item.objects.get(pk=entry)
    registers.save(writer, table, item.pk, {"state": "推进中", "done_on": None}, link.ring.why, item.version)
    return [f"{item.values['item']}：状态 已完成 → 推进中"]


def again_called(writer: Any, link: Link, entry: int) -> list[str]:
    """What a caller said of a request is put right, by the move that is declared for it."""
    order = Order.objects.get(pk=entry)
    now = not order.fields["solved"]
    orders.move(writer, order.pk, "record", {"solved": now, "reason": link.ring.why}, order.version)
    words = {True: "已解决", False: "未解决"}
    return [f"{order.number} {order.title}：回访结果 {words[not now]} → {words[now]}"]


def taken_back(writer: Any, link: Link, entry: int) -> list[str]:
    """A payment is taken back in full."""
    order = Order.objects.get(pk=entry)
    money = order.fields["amount"]
    orders.move(None, order.pk, "claw", {"back": money, "reason": link.ring.why}, order.version)
    return [f"{order.number} {order.title}：已拨付 {Decimal(money):,f} 元 → 已追回"]


CHANGED = {"hotline.requests": again_called, "enterprise.applications": taken_back}


def said(row: Figure) -> str:
    """A figure in words: what, where, when, how many."""
    label = settings.CATALOG.indicators[row.indicator].label
    return f"{label}　{area_name(row.area)}　{row.period}　{value(row)}（{row.counted} 条记录）"


def value(row: Figure) -> str:
    """A figure's number as reports print it, or why there is none."""
    one, found = settings.CATALOG.indicators[row.indicator], figures.counted(row)
    return MISSING[row.missing] if found.value is None else printed_amount(found.value, row.unit, one.decimals).text


def short(row: dict[str, Any]) -> str:
    """A row on one line: what it is, and where it lies."""
    cells = "　".join(str(value) for key, value in row.items() if value is not None and not key.endswith("_"))
    return f"{cells}　[{row['file_'][:12]} 第 {row['row_']} 行]"


def step(title: str, *lines: str) -> None:
    """Print one station."""
    print(f"\n■ {title}")
    for line in lines:
        print(f"  {line}")
