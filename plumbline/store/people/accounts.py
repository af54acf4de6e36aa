"""Writing users and offices. `by` is who does it; None is the console of the machine itself."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from plumbline.kernel import BY_CODE, Conflict, Finding, NotAllowed, inside
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import require
from plumbline.store.people.tables import OFFICE_KINDS, ROLES, Office, User
from plumbline.store.words import bad, longest, plain, refuse, text_trouble

KEPT = ("username", "label", "role", "area", "office_id", "is_active", "is_staff", "is_superuser")
Row = TypeVar("Row", bound=Model)
# only another superuser, or the console, may make one
HIGH = ("is_staff", "is_superuser")
OFFICE_KEPT = ("name", "area", "kind", "place")
STREET = re.compile(r"\d{9}", re.ASCII)


@transaction.atomic
def create_user(by: User | None, username: str, password: str, **fields: Any) -> User:
    """A new user: label, role, area, office (an Office, or None); is_staff, is_superuser from above only.

    Raises  BadInput with every finding; NotAllowed outside the area of `by`
    """
    user = User(username=username.strip(), **fields)
    _allow(by, user.area, fields)
    refuse(_user_findings(user) + _password_findings(password, user))
    user.set_password(password)
    _save(user, _user_findings)
    record(by, Write("user.create", "user", user.pk, None, plain(user, KEPT), area=user.area))
    return user


@transaction.atomic
def edit_user(by: User | None, user_id: int, changes: dict[str, Any], version: int) -> User:
    """Change label, role, area, office, is_active, password; is_staff, is_superuser from above only."""
    user = User.objects.select_for_update(of=("self",)).filter(pk=user_id).first()
    if user is None:
        raise NotAllowed("没有这个用户，或者您无权管理；没有保存任何改动。")
    _allow(by, user.area, {"is_superuser": user.is_superuser})
    _allow(by, changes.get("area", user.area), changes)
    if user.version != version:
        raise Conflict("这个用户刚被他人修改；请刷新后再改。")
    before, password = plain(user, KEPT), changes.get("password")
    for name in {"label", "role", "area", "office", "is_active", *HIGH} & changes.keys():
        setattr(user, name, changes[name])
    refuse(_user_findings(user) + (_password_findings(password, user) if password else []))
    if password:
        user.set_password(password)
    user.version += 1
    user.save()
    record(by, Write("user.password" if password else "user.edit", "user", user.pk, before, plain(user, KEPT),
                     area=user.area))
    return user


@transaction.atomic
def change_password(by: User, old: str, new: str) -> User:
    """A person's own new password; the old one has to be known."""
    user = User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    if not user.check_password(old):
        raise bad("user.old", "原密码", "原密码不对；没有修改。忘记原密码请联系本地区的管理人员。")
    refuse(_password_findings(new, user))
    user.set_password(new)
    user.version += 1
    user.save()
    kept = plain(user, KEPT)
    record(user, Write("user.password", "user", user.pk, kept, kept, area=user.area))
    return user


@transaction.atomic
def create_office(by: User | None, name: str, area: str, kind: str = "department", place: str = "") -> Office:
    """A new office of an area: whoever plans there may name who owes the work.

    kind   department, street, enterprise, district
    place  of a street: the nine digits of what it looks after
    """
    _allow(by, area, {}, "plan")
    office = Office(name=name.strip(), area=area, kind=kind, place=place.strip())
    refuse(_office_findings(office))
    _save(office, _office_findings)
    record(by, Write("office.create", "office", office.pk, None, plain(office, OFFICE_KEPT), area=area))
    return office


@transaction.atomic
def create_offices(by: User | None, told: Iterable[Mapping[str, str]]) -> int:
    """Many offices at once, as `create_office` takes them; those that are there already stay. How many are new."""
    known = set(Office.objects.values_list("name", "area"))
    fresh = [Office(**one) for one in told if (one["name"], one["area"]) not in known]
    for area in {one.area for one in fresh}:
        _allow(by, area, {}, "plan")
    refuse(finding for one in fresh for finding in _office_findings(one))
    made = Office.objects.bulk_create(fresh, batch_size=1000)
    record(by, *(Write("office.create", "office", one.pk, None, plain(one, OFFICE_KEPT), area=one.area) for one in made))
    return len(made)


@transaction.atomic
def edit_office(by: User | None, office_id: int, name: str, was: str) -> Office:
    """A new name for an office; `was` is the name the person saw."""
    office = Office.objects.select_for_update().filter(pk=office_id).first()
    if office is None:
        raise NotAllowed("没有这个单位，或者您无权管理；没有保存任何改动。")
    _allow(by, office.area, {}, "plan")
    if office.name != was:
        raise Conflict("这个单位刚被他人修改；请刷新后再改。")
    before, office.name = plain(office, ("name", "area")), name.strip()
    refuse(_office_findings(office))
    _save(office, _office_findings)
    record(by, Write("office.edit", "office", office.pk, before, plain(office, ("name", "area")), area=office.area))
    return office


def _allow(by: User | None, area: str, fields: dict[str, Any], action: str = "people") -> None:
    if by is None:
        return
    require(by, action, area)
    if any(fields.get(name) for name in HIGH) and not by.is_superuser:
        raise NotAllowed("只有系统管理员可以授予或管理这样的权限；没有保存任何改动。")


def _save(row: Row, findings: Callable[[Row], list[Finding]]) -> None:
    """Save a row that was found good; what somebody else saved at the same moment is told like any other finding."""
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError:
        refuse(findings(row))
        raise


def _user_findings(user: User) -> list[Finding]:
    found = []
    if not user.username or (trouble := text_trouble("用户名", user.username, longest(User, "username"))):
        found.append(Finding("user.username", "用户名", trouble if user.username else "请填写用户名。"))
    elif User.objects.filter(username=user.username).exclude(pk=user.pk).exists():
        found.append(Finding("user.username", "用户名", f"用户名「{user.username}」已有人使用；请换一个。"))
    if trouble := text_trouble("姓名", user.label, longest(User, "label")):
        found.append(Finding("user.label", "姓名", trouble))
    if user.role not in dict(ROLES):
        found.append(Finding("user.role", "角色", "没有这种角色；请从列表中选择。"))
    if user.area not in BY_CODE and not user.is_superuser:
        found.append(Finding("user.area", "地区", "没有这个地区；请从列表中选择。"))
    if user.role == "office" and user.office is None:
        found.append(Finding("user.office", "单位", "责任单位的人员须指定单位。"))
    if user.office and user.office.area != user.area:
        found.append(Finding("user.office", "单位", "单位不在所选地区；请重新选择。"))
    return found


def _password_findings(password: str, user: User) -> list[Finding]:
    try:
        validate_password(password, user)
    except ValidationError as error:
        return [Finding("user.password", "密码", message) for message in error.messages]
    return []


def _office_findings(office: Office) -> list[Finding]:
    if not office.name:
        return [Finding("office.name", "单位", "请填写单位名称。")]
    if trouble := text_trouble("单位", office.name, longest(Office, "name")):
        return [Finding("office.name", "单位", trouble)]
    if office.area not in BY_CODE:
        return [Finding("office.area", "地区", "没有这个地区；请从列表中选择。")]
    if office.kind not in dict(OFFICE_KINDS):
        return [Finding("office.kind", "类别", f"没有「{office.kind}」这一类单位；请从列表中选择。")]
    if office.place and not (STREET.fullmatch(office.place) and inside(office.place[:6], office.area)):
        return [Finding("office.place", "辖区代码",
                        f"辖区代码「{office.place[:20]}」应是九位数字，前六位是所在区；请更正或留空。")]
    if Office.objects.filter(name=office.name, area=office.area).exclude(pk=office.pk).exists():
        return [Finding("office.name", "单位", f"「{office.name}」已经有了。")]
    return []
