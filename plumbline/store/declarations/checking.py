"""What is wrong with a table an official declares, in words the official can act on."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from plumbline.kernel import ROW, TYPES, Column, Finding, Table
from plumbline.kernel.declaration import truth
from plumbline.store.words import text_trouble

MOST_COLUMNS, MOST_CHOICES, LONGEST = 200, 200, 100
MOST_MONTHS = 600
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
# of a table, and of a column, what may not change while rows stand that were checked by it
FIXED = {"area": "哪一栏是地区", "dated": "哪一栏是日期", "identity": "哪几栏指明一行", "register": "登记还是报送"}
FIXED_COLUMN = {"type": "类型", "unit": "单位", "scale": "小数位数", "personal": "是否个人信息"}


def table_findings(body: Mapping[str, Any]) -> list[Finding]:
    """Everything wrong with a table's declaration; `columns` is a list of mappings with `key`."""
    columns = body.get("columns") or []
    return [
        *_texts("台账", (("label", "名称", True), ("meaning", "说明", False), ("owner", "负责单位", False)), body),
        *_count(columns), *_twice(columns),
        *(one for at, column in enumerate(columns, 1) for one in _column(at, column)),
        *_roles(body, {str(column.get("key")): column for column in columns}),
    ]


def _finding(check: str, where: str, message: str) -> Finding:
    return Finding(f"ledger.{check}", where, message)


def _texts(where: str, names: Sequence[tuple[str, str, bool]], body: Mapping[str, Any]) -> Iterator[Finding]:
    for name, label, needed in names:
        text = str(body.get(name) or "")
        if needed and not text.strip():
            yield _finding(name, where, f"{where}：请填写{label}。")
        elif trouble := text_trouble(f"{where}的{label}", text, LONGEST if name != "meaning" else 500):
            yield _finding(name, where, trouble)


def _count(columns: Sequence[Any]) -> Iterator[Finding]:
    if not columns:
        yield _finding("columns", "栏目", "还没有栏目；请至少写一栏，其中一栏是地区。")
    if len(columns) > MOST_COLUMNS:
        yield _finding("columns", "栏目", f"有 {len(columns)} 栏，最多 {MOST_COLUMNS} 栏；请拆成两份台账。")


def _twice(columns: Sequence[Mapping[str, Any]]) -> Iterator[Finding]:
    for name, words in (("label", "名称"), ("key", "标识")):
        told = [str(column.get(name) or "").strip() for column in columns]
        for text in sorted({text for text in told if text and told.count(text) > 1}):
            yield _finding("twice", text, f"有两栏的{words}都是「{text}」；请改掉一个。")


def _column(at: int, column: Mapping[str, Any]) -> Iterator[Finding]:
    where = f"第{at}栏「{column.get('label') or ''}」"
    yield from _texts(where, (("label", "名称", True), ("meaning", "说明", False), ("unit", "单位", False)), column)
    key = str(column.get("key") or "")
    if not _KEY.fullmatch(key) or key == ROW:
        yield _finding("key", where, f"{where}：标识「{key}」只能用小写字母、数字和下划线，以字母开头，最多 40 个字符；"
                                     "也可留空，由系统编号。")
    if column.get("type") not in TYPES:
        yield _finding("type", where, f"{where}：请选类型：{'、'.join(TYPES.values())}。")
    scale = str(column.get("scale", "2"))
    if column.get("type") == "decimal" and not (scale.isascii() and scale.isdigit() and int(scale) <= 8):
        yield _finding("scale", where, f"{where}：小数位数「{scale}」请写 0 到 8。")
    for name, words in (("required", "必填"), ("personal", "个人信息")):
        if truth(column.get(name)) is None:
            yield _finding(name, where, f"{where}：「{words}」请选是或否。")
    yield from _choices(where, column)


def _choices(where: str, column: Mapping[str, Any]) -> Iterator[Finding]:
    choices = [str(choice) for choice in column.get("choices") or ()]
    if choices and column.get("type") != "text":
        yield _finding("choices", where, f"{where}：只有文字栏可以列出可选值；请把类型改为文字，或删去可选值。")
    if len(choices) > MOST_CHOICES:
        yield _finding("choices", where, f"{where}：可选值有 {len(choices)} 个，最多 {MOST_CHOICES} 个；请改为不限。")
    for choice in sorted({choice for choice in choices if choices.count(choice) > 1}):
        yield _finding("choices", where, f"{where}：可选值「{choice}」写了两次；请删去一个。")
    for choice in choices:
        if trouble := text_trouble(f"{where}的可选值", choice, LONGEST):
            yield _finding("choices", where, trouble)


def _roles(body: Mapping[str, Any], columns: Mapping[str, Mapping[str, Any]]) -> Iterator[Finding]:
    """Which column is the area, which the date, which name a row."""
    area, dated = str(body.get("area") or ""), str(body.get("dated") or "")
    identity = [str(name) for name in body.get("identity") or ()]
    if area not in columns or columns[area].get("type") != "text":
        yield _finding("area", "地区", "请选出写地区的一栏；它的类型是文字，填区划代码（如 110112）。")
    if dated and (dated not in columns or columns[dated].get("type") != "date"):
        yield _finding("dated", "日期", "「按哪一栏的日期」须是一栏日期；请重新选择，没有日期的选「不按日期」。")
    if absent := [name for name in identity if name not in columns]:
        yield _finding("identity", "指明一行", f"指明一行的栏目当中，{'、'.join(absent)} 不在这份台账里；请重新选择。")
    if truth(body.get("register")) is None:
        yield _finding("register", "怎么填", "请选登记或报送。")
    if true(body.get("register")) and not identity:
        yield _finding("identity", "指明一行", "登记式的台账须说明哪几栏指明一行（如编号）；请勾选。")
    personal = {key for key, column in columns.items() if true(column.get("personal"))}
    for key in sorted(personal & {area, dated, *identity}):
        yield _finding("personal", "个人信息",
                       f"「{columns[key].get('label')}」是个人信息，不能作地区、日期或指明一行；请换一栏。")
    months = str(body.get("delete_months") or "")
    if (personal or months) and not (months.isascii() and months.isdigit() and 0 < int(months) <= MOST_MONTHS):
        yield _finding("delete_months", "个人信息", f"个人信息保存几个月后删除，请写 1 到 {MOST_MONTHS}；没有个人信息的留空。")


def true(told: Any) -> bool:
    """Whether a form or a file says yes."""
    return truth(told) is True


def incompatible(old: Table, new: Table) -> list[Finding]:
    """What a new version changes though rows stand that were checked by the old one; empty where it may stand.

    Allowed: words, a new column that may be empty, more choices, a column that need no longer be filled in.
    """
    found = [_refused("台账", words) for name, words in FIXED.items() if getattr(old, name) != getattr(new, name)]
    for column in old.columns:
        now = new.column(column.key)
        found += _narrower(column, now) if now else [_refused(f"「{column.label}」一栏", "这一栏（不能删去）")]
    return found + [_refused(f"「{column.label}」一栏", "新增的必填栏（请改为可以不填）") for column in new.columns
                    if column.required and not old.column(column.key)]


def _narrower(old: Column, now: Column) -> list[Finding]:
    where = f"「{old.label}」一栏"
    found = [_refused(where, words) for name, words in FIXED_COLUMN.items() if getattr(old, name) != getattr(now, name)]
    if now.required and not old.required:
        found.append(_refused(where, "必填（原来可以不填）"))
    if now.choices and (not old.choices or set(old.choices) - set(now.choices)):
        found.append(_refused(where, "可选值（只能增加）"))
    return found


def _refused(where: str, words: str) -> Finding:
    return _finding("incompatible", where,
                    f"{where}：已有数据，不能改{words}。请改回原样；确需更改的，另建一份台账并停用这一份。")
