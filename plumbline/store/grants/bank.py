"""Files for and from the bank: a run as csv, the same bytes however often it is handed out; a return read line by line.

A line of a return names the line it answers, its amount to the cent, how it went, and why not where it failed.
"""

import csv
import hashlib
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Unpack

from django.db import transaction

from plumbline.kernel import ZONE, BadInput, Conflict, Finding
from plumbline.store.grants.budgets import yuan
from plumbline.store.grants.paying import KEPT, run_of
from plumbline.store.grants.tables import PaymentLine, PaymentRun
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.setting import At, setting
from plumbline.store.words import bad, plain, refuse, text_trouble

HEADS = ("业务编号", "收款人户名", "收款账号", "收款人开户行", "金额", "用途")
ENCODINGS = {"utf-8": "utf-8-sig", "gb18030": "gb18030"}
# what a spreadsheet takes for a formula; full-width signs too
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
ANSWERS = {"成功": "paid", "失败": "failed"}
WANTED = ("业务编号", "金额", "结果")
# of a line's number; python refuses to read thousands of digits
MOST_DIGITS = 9
BESIDES = ("原因", "日期")
MOST_BYTES = 20 * 1024**2
CHANGED = "这一批的内容与发给银行时不一样；没有给出文件，请立即联系管理员核对日志。"


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file for the bank, and its hash, which the bank is told by another way."""

    name: str
    data: bytes
    sha256: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What a return says of a line."""

    n: int
    amount: Decimal
    state: str
    why: str
    day: date | None


def harmless(text: str) -> str:
    """A cell that no spreadsheet runs.

    >>> harmless("=1+1"), harmless("模拟企业")
    ("'=1+1", '模拟企业')
    """
    return f"'{text}" if text.startswith(FORMULA) else text


def line_key(run: PaymentRun, n: int) -> str:
    """What a line is called at the bank: BF2020000001-00012."""
    return f"{run.number}-{n:05}"


@transaction.atomic
def handed_out(user: Any, run_id: int, version: int, encoding: str = "utf-8", **at: Unpack[At]) -> BankFile:
    """The file of an approved run: from now on it is sent. Asked for again, the same bytes; each time is journalled.

    Raises  NotAllowed; Conflict where the run is not approved, or its lines are not what they were; BadInput
    """
    _, now = setting(at)
    if encoding not in ENCODINGS:
        raise bad("bank.encoding", "编码", "请选择 UTF-8 或 GB18030。")
    run = run_of(user, run_id, version, ("approved", "sent", "booked"))
    before = plain(run, KEPT)
    first = not run.sha256
    file = _file(run, encoding if first else run.encoding)
    if first:
        run.state, run.sha256, run.encoding, run.sent_at, run.version = "sent", file.sha256, encoding, now, run.version + 1
        run.save()
    elif file.sha256 != run.sha256:
        raise Conflict(CHANGED)
    record(user, Write("run.file", "paymentrun", run.pk, before, plain(run, KEPT), "" if first else "再次取文件", run.area))
    return file


def _file(run: PaymentRun, encoding: str) -> BankFile:
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerow(HEADS)
    for one in PaymentLine.objects.filter(run=run).select_related("account", "award").order_by("n"):
        account = one.account
        writer.writerow([line_key(run, one.n), harmless(account.holder), account.number, harmless(account.bank),
                         f"{one.amount:.2f}", harmless(one.award.title[:60])])
    data = buffer.getvalue().encode(ENCODINGS[encoding])
    return BankFile(f"拨付{run.number}.csv", data, hashlib.sha256(data).hexdigest())


def answers(run: PaymentRun, data: bytes, today: date) -> list[Answer]:
    """What a return says, line by line; every line that is wrong is named.

    Raises  BadInput: unknown lines, lines told twice, altered amounts, results that are none, days before it was sent or to come
    """
    if len(data) > MOST_BYTES:
        raise bad("return.large", "回盘文件", "回盘文件太大；请核对是否选错了文件。")
    rows = list(_rows(data))
    amounts = dict(PaymentLine.objects.filter(run=run).values_list("n", "amount"))
    found, findings, seen = list[Answer](), list[Finding](), dict[int, int]()
    for at, row in enumerate(rows, 2):
        try:
            one = _answer(run, row, amounts, today)
            if one.n in seen:
                raise bad("return.twice", "业务编号", f"{line_key(run, one.n)} 在第 {seen[one.n]} 行已经出现过，重复了。")
        except BadInput as error:
            findings += [Finding(each.check, f"第 {at} 行", f"第 {at} 行：{each.message}") for each in error.findings]
        else:
            seen[one.n] = at
            found.append(one)
    refuse(findings)
    if not found:
        raise bad("return.empty", "回盘文件", "回盘文件里没有一行结果；请核对是否选错了文件。")
    return found


def _rows(data: bytes) -> Iterator[Mapping[str, str]]:
    reader = csv.reader(io.StringIO(_text(data), newline=""), strict=True)
    try:
        heads = [cell.strip() for cell in next(reader, [])]
        if missing := [name for name in WANTED if heads.count(name) != 1]:
            raise bad("return.heads", "回盘文件", f"回盘文件第一行要有「{'」「'.join(missing)}」这一列，各一次；请核对文件。")
        if twice := [name for name in BESIDES if heads.count(name) > 1]:
            raise bad("return.heads", "回盘文件", f"回盘文件有不止一列「{'」「'.join(twice)}」，请向银行要原文件。")
        for row in reader:
            if any(cell.strip() for cell in row):
                yield {name: cell.strip() for name, cell in zip(heads, row, strict=False)}
    except csv.Error as error:
        raise bad("return.csv", "回盘文件", f"回盘文件第 {reader.line_num} 行不是 csv；请向银行要原文件。") from error


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise bad("return.encoding", "回盘文件", "回盘文件既不是 UTF-8 也不是 GB18030 编码的 csv；请向银行要原文件。")


def _answer(run: PaymentRun, row: Mapping[str, str], amounts: Mapping[int, Decimal], today: date) -> Answer:
    told = row.get("业务编号", "").removeprefix("'")
    number, _, n = told.rpartition("-")
    plain_number = n.isascii() and n.isdigit() and len(n) <= MOST_DIGITS
    if number != run.number or not plain_number or int(n) not in amounts or line_key(run, int(n)) != told:
        raise bad("return.unknown", "业务编号", f"批次 {run.number} 里没有「{told[:30]}」这一笔。")
    amount = yuan(row.get("金额", ""))
    if amount != amounts[int(n)]:
        raise bad("return.amount", "金额", f"{told} 的金额是 {amount} 元，发出的是 {amounts[int(n)]} 元，改动过。")
    state = ANSWERS.get(row.get("结果", ""))
    if state is None:
        raise bad("return.result", "结果", f"{told} 的结果是「{row.get('结果', '')[:20]}」；只能是“成功”或“失败”。")
    why = row.get("原因", "").removeprefix("'")[:200]
    if trouble := text_trouble("原因", why, 200):
        raise bad("return.why", "原因", f"{told} 的{trouble}")
    day = _day(run, told, row.get("日期", ""), today)
    return Answer(int(n), amount, state, why or ("银行未说明原因" if state == "failed" else ""), day)


def _day(run: PaymentRun, told: str, text: str, today: date) -> date | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise bad("return.day", "日期", f"{told} 的日期「{text[:20]}」不是日期；请写作 2020-05-31。") from error
    sent = run.sent_at.astimezone(ZONE).date() if run.sent_at else day
    if not sent <= day <= today:
        raise bad("return.day", "日期", f"{told} 的日期 {day} 不在发给银行的 {sent} 和今天 {today} 之间；请向银行核实。")
    return day

