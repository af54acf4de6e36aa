"""What a policy's fields and clauses must be; every finding in Chinese, for the person who typed them."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from plumbline.kernel import BY_CODE, BadInput, Catalog, Expression, Finding, Table, area_name, parse_expression, scope
from plumbline.store.policies.tables import CONDITION, GIFT, WAYS, Policy
from plumbline.store.words import longest, text_trouble

FIELDS = ("title", "number", "issuer", "office_id", "document_id", "text", "way", "materials", "since", "until", "apply_since",
          "apply_until")
LONGEST_TEXT, LONGEST_EXPRESSION, LONGEST_LABEL, LONGEST_SOURCE, LONGEST_MATERIAL = 200_000, 2_000, 100, 200, 200
LONGEST_RATE = 20
MOST_CLAUSES, MOST_MATERIALS, MOST_BANDS = 60, 60, 40
NEEDED = (("title", "政策名称"), ("issuer", "发文机关"))
GIFT_PARTS = ("label", "base", "rate", "bands", "cap")


def trimmed(value: Any) -> Any:
    """A typed value without blanks around it; texts of several lines keep them."""
    return value.replace("\r\n", "\n").strip() if isinstance(value, str) else value


def head_findings(policy: Policy, catalog: Catalog) -> Iterator[Finding]:
    """What is wrong with a policy's fields."""
    for name, label in NEEDED:
        if not getattr(policy, name):
            yield Finding(f"policy.{name}", label, f"请填写{label}。")
    for name, label in (*NEEDED, ("number", "文号")):
        if trouble := text_trouble(label, getattr(policy, name), longest(Policy, name)):
            yield Finding(f"policy.{name}", label, trouble)
    if any(letter == "\0" or "\ud800" <= letter <= "\udfff" for letter in policy.text):
        yield Finding("policy.text", "政策原文", "原文里有看不见的控制字符或残缺的字；请删去后重新粘贴。")
    if len(policy.text) > LONGEST_TEXT:
        yield Finding("policy.text", "政策原文", f"原文有 {len(policy.text)} 个字，最多 {LONGEST_TEXT} 个字；请只放相关的条款。")
    if policy.area not in BY_CODE:
        yield Finding("policy.area", "地区", "没有这个地区；请从列表中选择。")
    if not (table := catalog.tables.get(policy.table)) or not table.roll:
        yield Finding("policy.table", "对象名录", "没有这个名录；请从列表中选择政策对象所在的名录。")
    if policy.way not in dict(WAYS):
        yield Finding("policy.way", "办理方式", "没有这种办理方式；请选择企业申报或免申即享。")
    if policy.office_id is None:
        yield Finding("policy.office", "办理单位", "请选择办理单位。")
    yield from _day_findings(policy)
    yield from _material_findings(policy.materials)


def _day_findings(policy: Policy) -> Iterator[Finding]:
    if policy.since is None:
        yield Finding("policy.since", "施行日期", "请填写施行日期。")
    for first, last, words in (("since", "until", "有效期"), ("apply_since", "apply_until", "申报期")):
        one, other = getattr(policy, first), getattr(policy, last)
        if one and other and other < one:
            yield Finding(f"policy.{last}", words, f"{words}的截止 {other} 早于开始 {one}；请更正。")


def _material_findings(told: Any) -> Iterator[Finding]:
    if not isinstance(told, list) or not all(isinstance(one, str) for one in told):
        yield Finding("policy.materials", "申报材料", "申报材料请每行写一项。")
        return
    if len(told) > MOST_MATERIALS:
        yield Finding("policy.materials", "申报材料", f"申报材料有 {len(told)} 项，最多 {MOST_MATERIALS} 项；请合并。")
    for one in told:
        if trouble := text_trouble("申报材料", one, LONGEST_MATERIAL):
            yield Finding("policy.materials", "申报材料", trouble)


def clause_body(kind: str, told: Mapping[str, Any]) -> dict[str, Any]:
    """A clause's body of its known parts alone, each as text; bands as a list."""
    if kind == CONDITION:
        return {name: _text(told.get(name)) for name in ("label", "text", "source")}
    bands = [{name: _text(one.get(name)) for name in ("when", "rate")} for one in told.get("bands") or ()]
    return {name: _text(told.get(name)) for name in GIFT_PARTS if name != "bands"} | {"bands": bands}


def _text(value: Any) -> str:
    return "" if value is None else " ".join(str(value).split())


def clause_findings(kind: str, body: Mapping[str, Any], table: Table, catalog: Catalog) -> list[Finding]:
    """What is wrong with a clause's body."""
    found = list(_label_findings(body))
    if kind == GIFT:
        return found + list(_gift_findings(body, table, catalog))
    if kind != CONDITION:
        return [*found, Finding("policy.kind", "种类", "没有这种条款；请刷新后重试。")]
    return found + list(of_type(body["text"], "条件", "boolean", table, catalog))


def _label_findings(body: Mapping[str, Any]) -> Iterator[Finding]:
    if not body.get("label"):
        yield Finding("policy.label", "名称", "请给这一条写一个简短的名称，如“从业人员少于300人”。")
    for name, label, most in (("label", "名称", LONGEST_LABEL), ("source", "依据", LONGEST_SOURCE)):
        if trouble := text_trouble(label, body.get(name, ""), most):
            yield Finding(f"policy.{name}", label, trouble)


def _gift_findings(body: Mapping[str, Any], table: Table, catalog: Catalog) -> Iterator[Finding]:
    yield from of_type(body["base"], "计算基数", "number", table, catalog)
    if body["cap"]:
        yield from of_type(body["cap"], "最高", "number", table, catalog)
    if body["rate"]:
        yield from rate_findings(body["rate"], table, catalog)
    if len(body["bands"]) > MOST_BANDS:
        yield Finding("policy.bands", "分档", f"最多 {MOST_BANDS} 档；请合并。")
    for n, band in enumerate(body["bands"], 1):
        yield from of_type(band["when"], f"第 {n} 档的条件", "boolean", table, catalog)
        yield from rate_findings(band["rate"], table, catalog, f"第 {n} 档的比例")


def rate_findings(text: str, table: Table, catalog: Catalog, where: str = "比例") -> Iterator[Finding]:
    """What is wrong with a rate: a number from 0 on, a parameter, or an expression that gives a number."""
    try:
        rate = Decimal(text) if text.isascii() else None
    except InvalidOperation:
        rate = None
    if rate is None:
        yield from of_type(text, where, "number", table, catalog)
    elif not rate.is_finite() or rate < 0 or len(text) > LONGEST_RATE or "e" in text.lower():
        yield Finding("policy.rate", where, f"「{where}」的“{text[:20]}”不能作比例；请写小数，如 0.3（三成），全额写 1。")


def of_type(text: str, where: str, wanted: str, table: Table, catalog: Catalog) -> Iterator[Finding]:
    """What is wrong with an expression that must be a condition (`boolean`) or a `number`."""
    if not text:
        yield Finding("policy.expression", where, f"「{where}」还是空的；请填写。")
        return
    if len(text) > LONGEST_EXPRESSION:
        yield Finding("policy.expression", where, f"「{where}」超过 {LONGEST_EXPRESSION} 个字；请拆成几条。")
        return
    try:
        read = read_as(text, table, catalog)
    except BadInput as error:
        yield from (Finding(one.check, where, f"「{where}」：{one.message}") for one in error.findings)
        return
    number = read.type in ("integer", "decimal")
    if wanted == "boolean" and read.type != "boolean":
        yield Finding("policy.expression", where, f"「{where}」得出的不是“是”或“否”；请写成比较，如 employees < 300。")
    if wanted == "number" and not number:
        yield Finding("policy.expression", where, f"「{where}」得出的不是数；请写数字、数字栏目或它们的加减乘。")


def read_as(text: str, table: Table, catalog: Catalog) -> Expression:
    """An expression of a clause, read; BadInput where it cannot be."""
    return parse_expression(text, table, catalog.parameters)


def within_area(area: str, table: Table) -> dict[str, str]:
    """The condition that is never typed: a party of the policy's own area."""
    stem = scope(area)
    text = f"\"{table.area}\" = '{area}'" if stem == area else f"\"{table.area}\" LIKE '{stem}%'"
    return {"label": f"在{area_name(area)}", "text": text, "source": "政策适用的地区"}


def day_words(day: date | None) -> str:
    """A day as JSON keeps it; empty where there is none."""
    return day.isoformat() if day else ""
