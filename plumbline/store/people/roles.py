"""Who may do what, and where."""

from typing import Any

from django.db.models import QuerySet

from plumbline.kernel import NotAllowed, area_name, inside
from plumbline.store.people.tables import Office

ACTIONS = {
    "see": "查看", "upload": "上传文件", "correct": "更正数字", "confirm": "确认数字", "publish": "公开文件",
    "remove": "删除文件", "plan": "编制计划", "report": "填报进展", "people": "管理人员",
    "deliver": "报送数据", "register": "登记和更正名录", "declare": "建立台账", "personal": "查看个人信息",
    "count": "公布数值", "write": "起草报告", "review": "审核报告", "send": "签发报告",
    "question": "对数字提问", "answer": "答复提问",
    "take": "受理来件", "dispatch": "派发工单", "handle": "办理工单", "urge": "督办", "judge": "裁定", "order": "设置工单",
    "policy": "制定政策", "examine": "审核申请", "pay": "拨付资金", "bind": "确认企业账号",
}
ROLE_ACTIONS = {
    "planner": {"see", "upload", "correct", "confirm", "publish", "remove", "plan", "report", "deliver", "register",
                "declare", "personal", "count", "write", "review", "send", "question", "answer",
                "take", "dispatch", "handle", "urge", "judge", "order", "policy", "examine", "pay", "bind"},
    "office": {"see", "report", "deliver", "register", "handle", "policy", "examine", "bind"},
    "leader": {"see", "review", "send", "question", "urge", "judge"},
    "deputy": {"see", "question"},
    "operator": {"see", "take", "personal"},
    "dispatcher": {"see", "take", "dispatch", "urge", "judge", "personal"},
    # a firm has what its own pages give it, of itself alone
    "firm": set(),
}


def may(user: Any, action: str, area: str) -> bool:
    """Whether a user may do something with what an area keeps.

    Reading  people are managed by superusers, and by planners marked as staff, in their own area
    """
    if not (user.is_authenticated and user.is_active):
        return False
    if user.is_superuser:
        return True
    if not inside(area, user.area):
        return False
    if action == "people":
        return user.is_staff and user.role == "planner"
    return action in ROLE_ACTIONS.get(user.role, ())


def require(user: Any, action: str, area: str) -> None:
    """Raise NotAllowed unless the user may."""
    if not may(user, action, area):
        raise NotAllowed(f"您没有在{area_name(area) or '未指定的地区'}{ACTIONS[action]}的权限；没有保存任何改动。")


def outsider(user: Any) -> bool:
    """Whether a person works for a bank or another company that holds orders: what a district knows of firms is not theirs."""
    return bool(user.is_authenticated and user.role == "office" and not user.is_superuser and user.office is not None
                and user.office.kind == "enterprise")


def offices_of(user: Any) -> QuerySet[Office]:
    """Offices a user may give work to: those of his area; for an office, itself alone."""
    seen = Office.objects.visible_to(user)
    if user.is_authenticated and user.role == "office" and not user.is_superuser:
        return seen.filter(pk=user.office_id)
    return seen
