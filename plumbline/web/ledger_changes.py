"""What one version of a declaration changed, in words."""

from collections.abc import Iterator, Mapping
from typing import Any

from plumbline.kernel import KINDS
from plumbline.store.declarations.tables import RETIRED, TABLE

WORDS = {
    "label": "名称", "meaning": "说明", "owner": "负责单位", "area": "地区栏", "dated": "日期栏", "identity": "指明一行的栏",
    "register": "怎么填", "delete_months": "个人信息保存月数", "type": "类型", "unit": "单位", "scale": "小数位数",
    "required": "必填", "personal": "个人信息", "choices": "可选值", "where": "条件", "source": "依据", "decimals": "小数位数",
    "dimensions": "分组", "adds": "下级相加", "fresh": "只看本期", "better": "好坏", "subject": "句子里的叫法", "table": "台账",
    "text": "句子", "figures": "所引的数", **KINDS,
}
LONGEST = 60


def changes(before: Any, now: Any) -> list[str]:
    """What a version changed of the one before; of the first, that it was made.

    >>> changes(None, None)
    ['建立']
    """
    if before is None:
        return ["建立"]
    if before.state != now.state:
        return ["停用" if now.state == RETIRED else "重新启用"]
    found = list(_parts(_bare(before.body), _bare(now.body)))
    if now.kind == TABLE:
        found += _columns(before.body["columns"], now.body["columns"])
    return found or ["没有改动内容"]


def _bare(body: Mapping[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in body.items() if name != "columns"}


def _parts(before: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys([*before, *now]):
        old, new = _said(before.get(name)), _said(now.get(name))
        if old != new:
            yield f"{WORDS.get(name, name)}由「{old}」改为「{new}」"


def _columns(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> Iterator[str]:
    old, new = ({column["key"]: column for column in columns} for columns in (before, now))
    yield from (f"删去栏目「{old[key]['label']}」" for key in old if key not in new)
    yield from (f"增加栏目「{new[key]['label']}」" for key in new if key not in old)
    for key in new:
        if key in old:
            yield from (f"「{old[key]['label']}」一栏的{part}" for part in _parts(old[key], new[key]))
    if [key for key in old if key in new] != [key for key in new if key in old]:
        yield "栏目的次序"


def _said(part: Any) -> str:
    """A part of a body in words."""
    if part in (None, "", [], {}, False, "false"):
        return "无"
    if part in (True, "true"):
        return "是"
    text = "、".join(map(str, part)) if isinstance(part, list) else str(part)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}……"
