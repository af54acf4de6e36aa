"""What was done to one thing, and what an entry of the journal changed, field by field."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.urls import reverse

from plumbline.kernel import LABELS, area_name, label
from plumbline.store.models import Entry, Office

LONGEST = 500
NAMED = {
    "line": "段落编号", "lines": "段数", "position": "位置", "paragraph": "段落", "text": "文字",
    "clause": "条", "edition": "版次", "revision": "新的一版", "proposed": "提出的条款",
    "n": "版本", "seen_at": "知悉时间",
    "office_id": "责任单位", "claim_id": "数字号", "document_id": "文件号", "sha256": "文件指纹", "username": "用户名",
    "is_active": "在用", "is_staff": "管理人员", "is_superuser": "系统管理员", "claims": "数字", "commitments": "措施",
    "problems": "问题", "checks": "核对", "proposals": "待确认的对应", "text_sha256": "正文指纹", "targets": "目标",
    "body": "申报内容",
    "area": "地区", "example": "虚构示例", "published": "已公开", "trouble": "原因", "name": "名称", "title": "标题",
}
TABLES = {
    "document": "文件", "claim": "数字", "target": "目标", "commitment": "措施", "pairing": "承诺与完成",
    "share": "市区分解", "draft": "报告稿", "question": "提问", "answer": "问题与措施", "problem": "问题",
    "user": "用户", "accesskey": "接口密钥", "office": "单位", "item": "条目", "batch": "批次", "delivery": "报送",
    "binding": "企业账号", "statement": "企业自述", "preference": "接收设置", "push": "政策推送", "firm": "企业",
    "roll": "名册", "step": "名册的一次报送", "correction": "名册的一处更正",
    "order": "工单", "ordernote": "工单备注", "attachment": "附件", "asker": "来件人", "extension": "延期申请",
    "webhook": "推送地址", "webhookdelivery": "一次推送", "figure": "数值", "run": "数值计算", "award": "补贴资金",
    "bankaccount": "收款账户", "budget": "预算", "budgetchange": "预算调整", "clawback": "追回", "paymentrun": "拨付批次",
    "filter": "常用筛选", "personal": "个人信息", "table": "台账", "indicator": "指标", "sentence": "句子", "policy": "政策",
}
DEEDS = {
    "again": "重新读取", "begin": "开始读取", "commit": "列入计划：", "confirm": "确认", "correct": "更正",
    "create": "新增", "decide": "认定", "edit": "修改", "fail": "未能读取", "follow": "随更正而改",
    "password": "修改密码：", "publish": "公开", "read": "读完", "read-again": "重新读完", "recheck": "重新核对",
    "receive": "收到",
    "receive-again": "再次收到", "remove": "删除", "set-aside": "搁置", "stop": "停止读取", "unpublish": "取消公开",
    "answer": "答复", "approve": "审核通过", "ask": "提出：", "close": "了结", "head": "改标题栏：", "line-add": "添一段：",
    "line-edit": "改一段：", "line-move": "移一段：", "line-remove": "删一段：", "line-seen": "知悉数值更新：",
    "return": "退回", "send": "签发", "submit": "提交", "withdraw": "撤回", "retire": "停用", "import": "导入",
    "replace": "更正", "hand-in": "上传", "check": "核对", "accept": "确认收下", "see": "查看", "save": "保存",
    "declare": "建立", "change": "修改", "restore": "启用", "take": "收下", "look": "查看", "personal": "查看个人信息：",
    "clause-add": "添一条：", "clause-confirm": "确认一条：", "clause-drop": "去掉一条：", "propose": "从原文提出条款：",
    "revise": "起草新的一版：", "end": "终止", "drop": "放弃",
    "state": "填报", "choose": "更改", "knock": "越权访问：", "reject": "未通过：",
    "expire": "到期取消", "start": "开始处理", "cancel": "取消", "refuse": "未能收下", "forget": "到期删除",
}
# what is not put together of a thing and a deed
WHOLE = {
    "order.open": "登记工单", "order.intake": "成批收进工单", "order.note": "写工单备注", "order.attach": "附上工单材料",
    "order.look": "查看来件人", "order.history": "查来件人的其他工单", "order.forget": "到期删除来件人信息",
    "order.urge": "督办工单", "order.sweep": "巡查时限", "order.ask-extension": "申请延期", "order.grant-extension": "同意延期",
    "order.refuse-extension": "不同意延期", "webhook.again": "重新推送",
    "figures.publish": "公布数值", "figure.replace": "更新数值", "figure.rows": "查看数值背后的记录",
    "run.make": "拨付制单", "run.approve": "复核拨付批次", "run.cancel": "取消拨付批次", "run.file": "取银行文件",
    "run.book": "登记银行回盘", "account.set": "登记收款账户", "account.look": "查看收款账户", "award.ask": "申请补贴",
    "award.reserve": "批准补贴，占用预算", "award.release": "补贴不再占用预算", "budget.ask": "提出预算",
    "budget.decide": "决定预算", "budget.spend": "预算有收支",
    "claw.ask": "提出追回", "claw.decide": "决定追回", "claw.book": "登记收回",
}
MOST_LABELS = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """A field before and after; `None` where there was none."""

    key: str
    label: str
    before: str | None
    after: str | None

    @property
    def changed(self) -> bool:
        """Whether the two differ."""
        return self.before != self.after


@dataclass(frozen=True, slots=True)
class Step:
    """An entry of the journal, as the history of its object shows it."""

    seq: int
    at: datetime
    who: str
    action: str
    words: str
    why: str
    made: bool
    changes: list[Difference]
    href: str


def history(user: Any, table: str, key: int | str, most: int = 20) -> list[Step]:
    """What this user may see of what was done to one thing, latest first."""
    entries = list(Entry.objects.visible_to(user).filter(table=table, key=str(key)).order_by("-seq")[:most])
    named = offices(entries)
    return [Step(entry.seq, entry.at, entry.who, entry.action, action_words(entry.action), entry.why,
                 entry.before is None, [one for one in differences(entry, named) if one.changed],
                 reverse("entry", args=[entry.seq]))
            for entry in entries]


def offices(entries: Iterable[Entry]) -> dict[Any, str]:
    """Names of the offices some entries tell of, by number."""
    told = {side["office_id"] for entry in entries for side in (entry.before, entry.after)
            if isinstance(side, dict) and isinstance(side.get("office_id"), int)}
    return {one.pk: one.name for one in Office.objects.filter(pk__in=told)} if told else {}


def differences(entry: Entry, named: dict[Any, str]) -> list[Difference]:
    """Every field an entry tells of, before and after; what changed first."""
    before, after = fields(entry, entry.before, named), fields(entry, entry.after, named)
    every = [Difference(key, label_of(entry.table, key), before.get(key), after.get(key))
             for key in dict.fromkeys([*before, *after])]
    return sorted(every, key=lambda one: not one.changed)


def fields(entry: Entry, value: Any, named: dict[Any, str]) -> dict[str, str]:
    """The fields of a journalled value, in words; a value without fields is one field."""
    if value is None:
        return {}
    if not isinstance(value, dict):
        return {"": words(value)}
    return {str(key): field_words(entry.table, str(key), part, named) for key, part in value.items()}


def field_words(table: str, key: str, value: Any, named: dict[Any, str]) -> str:
    """A field's value in words: choices, areas and offices by their names."""
    if key in ("area", "about", "received_area") and isinstance(value, str) and value:
        return area_name(value)
    if key == "office_id" and value in named:
        return named[value]
    if key in LABELS and isinstance(value, str):
        return label(key, value)
    offered = dict(getattr(column_of(table, key), "flatchoices", ()))
    return str(offered[value]) if isinstance(value, str) and value in offered else words(value)


def words(value: Any) -> str:
    """A journalled value in words, cut where it is very long.

    >>> words(None), words(True), words(["区教委", "区卫健委"]), words({"a": 1})
    ('（空）', '是', '区教委、区卫健委', 'a：1')
    """
    if value is None or value == "" or value == []:
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        text = "、".join(words(part) for part in value)
    elif isinstance(value, dict):
        text = "；".join(f"{key}：{words(part)}" for key, part in value.items())
    else:
        text = str(value)
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}……（共 {len(text)} 字）"


def column_of(table: str, key: str) -> Any:
    """The column of a table, None where it has no such one."""
    try:
        return apps.get_model("store", table)._meta.get_field(key)
    except (LookupError, FieldDoesNotExist, ValueError):
        return None


def label_of(table: str, key: str) -> str:
    """The Chinese name of a field, where there is one."""
    if key in NAMED:
        return NAMED[key]
    column = column_of(table, key)
    named = str(getattr(column, "verbose_name", key))
    return (key or "内容") if named == key.replace("_", " ") else named


def table_words(table: str) -> str:
    """The Chinese name of a table of the journal, or of one that a system declares."""
    declared = settings.CATALOG.tables.get(table)
    return TABLES.get(table) or (declared.label if declared else table)


def move_labels(key: str) -> list[str]:
    """What a move is called by the kinds of order that have it."""
    return list(dict.fromkeys(kind.moves[key].label for kind in settings.CATALOG.orders.values() if key in kind.moves))


def action_words(action: str) -> str:
    """What was done, in Chinese.

    >>> action_words("target.edit"), action_words("something.else")
    ('修改目标', 'something.else')
    """
    table, _, deed = action.partition(".")
    if action in WHOLE:
        return WHOLE[action]
    if table == "order" and (labels := move_labels(deed)):
        return f"工单：{'／'.join(labels[:MOST_LABELS])}{'等' if labels[MOST_LABELS:] else ''}"
    return f"{DEEDS[deed]}{table_words(table)}" if deed in DEEDS and table in TABLES else action
