"""Declaring: the only functions that write a table, an indicator or a sentence of an official."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from plumbline.kernel import (
    BY_CODE,
    BadInput,
    Conflict,
    Finding,
    Indicator,
    NotAllowed,
    Table,
    indicator_findings,
    indicator_from,
)
from plumbline.kernel.indicator import KINDS
from plumbline.kernel.sentence import sentence_from
from plumbline.kernel.sentence import slots as slots_of
from plumbline.store.declarations.checking import incompatible, table_findings
from plumbline.store.declarations.reading import (
    area_in,
    as_list,
    catalog,
    has_rows,
    latest,
    table_of,
)
from plumbline.store.declarations.tables import IN_USE, INDICATOR, RETIRED, SENTENCE, TABLE, Declaration
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import require
from plumbline.store.words import reason, refuse, text_trouble

_NAME = re.compile(r"[a-z][a-z0-9_.]{2,99}")
STALE = "「{label}」刚被他人修改；没有保存您的改动，请刷新后再改。"
ABSENT = "没有这份台账或指标，或者您无权更改；没有保存任何改动。"
NEEDED = (("label", "名称"), ("table", "台账"), ("unit", "单位"), ("source", "依据"))


@transaction.atomic
def declare_table(user: Any, key: str, body: Mapping[str, Any], why: str = "", version: int = 0) -> Declaration:
    """A ledger, or its next version; a change says why.

    body     as `records.yaml` has it; columns by key, or a list of mappings with `key`
    version  the person saw; 0 for a new one
    Raises   NotAllowed, Conflict, BadInput with every finding; of a ledger with rows only compatible changes stand
    """
    told = as_list(body)
    found, why = _open(user, key, TABLE, why, version)
    refuse(table_findings(told))
    made = Declaration(key=key, kind=TABLE, version=version + 1, body=told)
    table = table_of(made)
    if found and has_rows(key):
        refuse(incompatible(table_of(found), table))
    refuse(_left_behind(table))
    return _write(user, made, found, why)


def _left_behind(table: Table) -> Iterator[Finding]:
    """The indicators of a ledger that nobody could count or even read any more."""
    for one in Declaration.objects.newest().filter(kind=INDICATOR, table=table.key):
        made = indicator_from(one.key, one.body, {table.key: table}, [], one.version)
        if made is None or indicator_findings(made, table, catalog().parameters):
            yield Finding("ledger.used", one.label,
                          f"指标「{one.label}」用到的栏目被删去或改了类型；请先改好这个指标的条件，再改台账。")


@transaction.atomic
def declare_indicator(user: Any, key: str, body: Mapping[str, Any], why: str = "", version: int = 0) -> Declaration:
    """An indicator of a ledger, or of a system's table, or its next version.

    body     as `indicators.yaml` has it: label, table, unit, source, one of the kinds, where, …
    Raises   NotAllowed, Conflict, BadInput with every finding of its words and its expressions
    """
    found, why = _open(user, key, INDICATOR, why, version)
    indicator_checked(user, key, body)
    return _write(user, Declaration(key=key, kind=INDICATOR, version=version + 1, body=dict(body)), found, why)


def indicator_checked(user: Any, key: str, body: Mapping[str, Any]) -> Indicator:
    """The indicator a body declares; writes nothing.

    Raises  BadInput with every finding
    """
    seen = catalog()
    declared = set(Declaration.objects.visible_to(user).filter(kind=TABLE).values_list("key", flat=True))
    tables = {one: table for one, table in seen.tables.items() if not area_in(one) or one in declared}
    refuse(_indicator_words(body, tables))
    wrong: list[str] = []
    made = indicator_from(key, body, tables, wrong)
    if made is None:
        raise BadInput([Finding("indicator.parts", "指标", f"指标没有写全：{one}") for one in wrong])
    refuse(indicator_findings(made, tables[made.table], seen.parameters))
    return made


def _indicator_words(body: Mapping[str, Any], tables: Mapping[str, Any]) -> list[Finding]:
    """What is wrong with the parts of an indicator that are no expressions."""
    told = [(name, label, str(body.get(name) or "").strip()) for name, label in NEEDED]
    found = [Finding(f"indicator.{name}", label, f"请填写{label}。") for name, label, text in told if not text]
    found += [Finding(f"indicator.{name}", label, trouble) for name, label, text in told
              if (trouble := text_trouble(label, text, 100))]
    if body.get("table") and body["table"] not in tables:
        found.append(Finding("indicator.table", "台账", "没有这份台账，或者您看不到它；请从列表中选择。"))
    kinds = [kind for kind in KINDS if kind in body]
    if len(kinds) != 1:
        found.append(Finding("indicator.kind", "怎么数", f"请选一种数法：{'、'.join(KINDS.values())}。"))
    elif kinds[0] != "count" and not str(body[kinds[0]] or "").strip():
        found.append(Finding("indicator.of", KINDS[kinds[0]], f"「{KINDS[kinds[0]]}」须写明数什么；请填写后面的一格。"))
    decimals = str(body.get("decimals", "0"))
    if not (decimals.isascii() and decimals.isdigit() and int(decimals) <= 6):
        found.append(Finding("indicator.decimals", "小数位数", f"小数位数「{decimals}」请写 0 到 6。"))
    if body.get("better", "") not in ("", "up", "down"):
        found.append(Finding("indicator.better", "好坏", "请选越大越好、越小越好或不论。"))
    return found


@transaction.atomic
def declare_sentence(user: Any, key: str, body: Mapping[str, Any], why: str = "", version: int = 0) -> Declaration:
    """A sentence of an official, or its next version; every figure it names is an indicator of the catalog.

    body    as `sentences/*.yaml` has it; `table` beside it, where it is of a ledger
    Raises  NotAllowed, Conflict, BadInput
    """
    found, why = _open(user, key, SENTENCE, why, version)
    wrong: list[str] = []
    made = sentence_from(key, {name: part for name, part in body.items() if name != "table"}, wrong)
    if made is None:
        raise BadInput([Finding("sentence.parts", "句子", f"句子没有写全：{one}") for one in wrong])
    known = catalog().indicators
    refuse(Finding("sentence.figure", str(slot), f"{slot}：没有指标「{slot.ref.indicator}」；请从指标列表中选择。")
           for slot in slots_of(made.text, made.figures) if slot.ref and slot.ref.indicator not in known)
    told = {**body, "label": body.get("label") or made.text[:50]}
    return _write(user, Declaration(key=key, kind=SENTENCE, version=version + 1, body=told), found, why)


@transaction.atomic
def retire(user: Any, key: str, why: str, version: int) -> Declaration:
    """Put a declaration out of use, and with a ledger its indicators; what was counted stays as it is."""
    found = latest(key)
    if found is None:
        raise NotAllowed(ABSENT)
    _open(user, key, found.kind, why, version)
    if found.state == RETIRED:
        raise Conflict(f"「{found.label}」已经停用。")
    for one in Declaration.objects.newest().filter(kind=INDICATOR, table=key, state=IN_USE) if found.kind == TABLE else ():
        # an indicator another area declared on it is that area's to retire
        if area_in(one.key) == area_in(key):
            _write(user, _next(one), one, reason(why), RETIRED)
    return _write(user, _next(found), found, reason(why), RETIRED)


@transaction.atomic
def restore(user: Any, key: str, why: str, version: int) -> Declaration:
    """Put a retired declaration back into use."""
    found = latest(key)
    if found is None:
        raise NotAllowed(ABSENT)
    _open(user, key, found.kind, why, version)
    if found.state == IN_USE:
        raise Conflict(f"「{found.label}」正在使用。")
    return _write(user, _next(found), found, reason(why))


def _open(user: Any, key: str, kind: str, why: str, version: int) -> tuple[Declaration | None, str]:
    """The version that stands, None for a new key, and the reason; NotAllowed or Conflict where it may not change."""
    area = area_in(key)
    require(user, "declare", area)
    if area not in BY_CODE or not _NAME.fullmatch(key):
        raise BadInput([Finding("ledger.key", key, f"「{key}」不能作标识；请写作 ledgers.d{user.area or '110112'}_t1，"
                                                   "只用小写字母、数字和下划线，最多 100 个字符。")])
    found = latest(key)
    if found and found.kind != kind:
        raise NotAllowed(ABSENT)
    if (found.version if found else 0) != version:
        raise Conflict(STALE.format(label=found.label if found else key))
    return found, reason(why, needed=found is not None)


def _next(found: Declaration) -> Declaration:
    return Declaration(key=found.key, kind=found.kind, version=found.version + 1, body=found.body)


def _write(user: Any, made: Declaration, found: Declaration | None, why: str, state: str = IN_USE) -> Declaration:
    made.label = str(made.body.get("label") or "")[:100]
    made.owner, made.table = str(made.body.get("owner") or ""), str(made.body.get("table") or "")
    made.area, made.state, made.why, made.by, made.at = area_in(made.key), state, why, user, timezone.now()
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise Conflict(STALE.format(label=made.label)) from None
    record(user, Write(f"{made.kind}.{_deed(found, state)}", made.kind, made.key, _told(found), _told(made), why, made.area))
    return made


def _deed(found: Declaration | None, state: str) -> str:
    if state == RETIRED:
        return "retire"
    return "declare" if found is None else "restore" if found.state == RETIRED else "change"


def _told(one: Declaration | None) -> dict[str, Any] | None:
    return {"version": one.version, "state": one.state, "body": one.body} if one else None
