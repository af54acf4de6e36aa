"""People: users and offices of one's area, and one's own password."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.db.models import Count
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse

from plumbline.kernel import AREAS, BadInput, Conflict, Finding, NotAllowed, area_name, inside
from plumbline.store import people
from plumbline.store.models import Office, User
from plumbline.store.people import ROLES, may
from plumbline.web import choices
from plumbline.web.firms import for_firms
from plumbline.web.forms import office_key, onward, status_of, told, typed_in, version
from plumbline.web.listing import Column, Filter, Listing, Spec, listing, sheet
from plumbline.web.screen import FILES, act, form_of, show, twin

# those who see who else signs in
SEERS = ("planner", "leader")
TYPED = ("username", "label", "role", "area", "office", "is_active", "is_staff")


@dataclass(frozen=True, slots=True)
class UserRow:
    """A user in the list."""

    key: int
    username: str
    label: str
    role: str
    area: str
    office: str
    active: str
    seen_at: datetime | None
    href: str


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """Users, or offices, of one's area; `addable` where this user may add one."""

    title: str
    list: Listing
    addable: bool
    seen: bool
    areas: choices.Choices = ()
    trouble: tuple[Finding, ...] = ()
    where: str = "people"


USER_COLUMNS = (
    Column("username", "用户名", "username"), Column("label", "姓名", "label"), Column("role", "角色", "role"),
    Column("area", "地区", "area"), Column("office", "单位", "office__name"), Column("active", "状态", "is_active"),
    Column("seen_at", "最近登录", "last_login"),
)


def user_row(one: User) -> UserRow:
    """A user as the list shows it."""
    return UserRow(one.pk, one.username, one.label, one.get_role_display(), area_name(one.area), str(one.office or ""),
                   "在用" if one.is_active else "已停用", one.last_login, reverse("person", args=[one.pk]))


def user_rows(user: Any) -> Any:
    """The users somebody sees: those of the area; an office and a deputy see themselves alone."""
    seen = User.objects.visible_to(user).select_related("office").order_by("area", "username")
    return seen if user.is_superuser or user.role in SEERS else seen.filter(pk=user.pk)


def user_spec(user: Any) -> Spec:
    """The list of users."""
    return Spec(USER_COLUMNS, (
        Filter("q", "查找", ("username__icontains", "label__icontains", "office__name__icontains")),
        Filter("role", "角色", ("role",), ROLES),
        *choices.choice("area", "地区", "area", choices.areas(user_rows(user), "area")),
    ), user_row)


def users(request: HttpRequest) -> HttpResponseBase:
    """The users of one's area."""
    if form_of(request) in FILES:
        return sheet(request, user_rows(request.user), user_spec(request.user), "用户")
    page = PeoplePage("人员", listing(request, user_rows(request.user), user_spec(request.user)),
                      may(request.user, "people", request.user.area),
                      request.user.is_superuser or request.user.role in SEERS)
    return show(request, page, "web/people.html")


@dataclass(frozen=True, slots=True)
class PersonPage:
    """A user's form; `key` empty for one to be added. `fields` is what stands, or what was typed."""

    key: int | None
    title: str
    fields: dict[str, str]
    version: int
    editable: bool
    grants: bool
    roles: choices.Choices
    areas: choices.Choices
    offices: choices.Choices
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    where: str = "people"


def add(request: HttpRequest) -> HttpResponseBase:
    """A new user."""
    if not may(request.user, "people", request.user.area):
        raise NotAllowed("新增用户限系统管理员和本地区的管理人员；没有保存任何改动。")
    blank = {"area": request.user.area, "role": "planner", "is_active": "1"}
    if request.method != "POST":
        return show(request, person_page(request, None, blank), "web/person.html")
    typed = typed_in(request, TYPED)
    try:
        made = people.create_user(request.user, typed.get("username", ""), request.POST.get("password", ""),
                                  **values(request.user, typed))
    except BadInput as error:
        return show(request, person_page(request, None, typed, error), "web/person.html", 400)
    messages.success(request, f"已新增用户「{made}」，并记入日志。")
    return onward(request, "people")


def values(by: Any, typed: dict[str, str]) -> dict[str, Any]:
    """The fields of a user as the store takes them; an office only of those `by` sees."""
    key = office_key(typed.get("office", ""))
    made: dict[str, Any] = {name: typed[name] for name in ("label", "role", "area") if name in typed}
    made["office"] = get_object_or_404(Office.objects.visible_to(by), pk=key) if key else None
    made["is_active"] = typed.get("is_active") == "1"
    if by.is_superuser:
        made["is_staff"] = typed.get("is_staff") == "1"
    return made


def person(request: HttpRequest, key: int) -> HttpResponseBase:
    """A user, and what is changed of it."""
    found = get_object_or_404(user_rows(request.user), pk=key)
    if request.method != "POST":
        return show(request, person_page(request, found, fields_of(found)), "web/person.html")
    typed = typed_in(request, TYPED)
    made = values(request.user, typed)
    if request.POST.get("password"):
        made["password"] = request.POST["password"]
    try:
        people.edit_user(request.user, key, made, version(request))
    except (BadInput, Conflict) as error:
        return show(request, person_page(request, found, typed, error), "web/person.html", status_of(error))
    messages.success(request, "已保存，并记入日志。")
    return onward(request, "person", key)


def fields_of(one: User) -> dict[str, str]:
    """What stands of a user."""
    return {"username": one.username, "label": one.label, "role": one.role, "area": one.area,
            "office": str(one.office_id or ""), "is_active": "1" if one.is_active else "",
            "is_staff": "1" if one.is_staff else ""}


def person_page(
    request: HttpRequest, found: User | None, fields: dict[str, str], error: Exception | None = None,
) -> PersonPage:
    """A user's form."""
    return PersonPage(
        found.pk if found else None, str(found) if found else "新增用户", fields, found.version if found else 0,
        may(request.user, "people", found.area if found else request.user.area), request.user.is_superuser, ROLES,
        areas_of(request.user), choices.offices(request.user), *told(error))


def areas_of(user: Any) -> choices.Choices:
    """The areas a user may give people and offices to."""
    return tuple((one.code, one.name) for one in AREAS if user.is_superuser or inside(one.code, user.area))


@dataclass(frozen=True, slots=True)
class OfficeRow:
    """An office in the list, with how many people sign in for it; `editable` where this user may rename it."""

    key: int
    name: str
    kind: str
    area: str
    place: str
    people: int
    editable: bool


OFFICE_COLUMNS = (Column("name", "单位", "name"), Column("kind", "类别", "kind"), Column("area", "地区", "area"),
                  Column("place", "辖区代码", "place"), Column("people", "人员", "people"))


def office_spec(user: Any) -> Spec:
    """The list of offices."""
    seen = Office.objects.visible_to(user)
    managed = {code for code, _ in areas_of(user) if may(user, "plan", code)}
    return Spec(OFFICE_COLUMNS, (
        Filter("q", "查找", ("name__icontains",)),
        *choices.choice("area", "地区", "area", choices.areas(seen, "area")),
        *choices.choice("kind", "类别", "kind", people.OFFICE_KINDS),
    ), lambda one: OfficeRow(one.pk, one.name, one.get_kind_display(), area_name(one.area), one.place,
                             one.people, one.area in managed))


def offices(request: HttpRequest) -> HttpResponseBase:
    """The offices of one's area; a form adds one."""
    rows = Office.objects.visible_to(request.user).annotate(people=Count("user")).order_by("area", "name")
    if form_of(request) in FILES:
        return sheet(request, rows, office_spec(request.user), "单位")
    found: tuple[Finding, ...] = ()
    if request.method == "POST":
        try:
            made = people.create_office(request.user, request.POST.get("name", ""), request.POST.get("area", ""),
                                        request.POST.get("kind") or "department", request.POST.get("place", ""))
        except BadInput as error:
            found = error.findings
        else:
            messages.success(request, f"已新增单位「{made}」，并记入日志。")
            return onward(request, "offices")
    page = PeoplePage("单位", listing(request, rows, office_spec(request.user)),
                      may(request.user, "plan", request.user.area), True, areas_of(request.user), found, "offices")
    return show(request, page, "web/offices.html", 400 if found else 200)


def rename(request: HttpRequest, key: int) -> HttpResponseBase:
    """A new name for an office."""
    get_object_or_404(Office.objects.visible_to(request.user), pk=key)
    people.edit_office(request.user, key, request.POST.get("name", ""), request.POST.get("was", ""))
    messages.success(request, "单位名称已修改，并记入日志。")
    return onward(request, "offices")


@dataclass(frozen=True, slots=True)
class ProfilePage:
    """One's own account, and what was wrong with the password typed."""

    username: str
    label: str
    role: str
    area: str
    office: str
    findings: tuple[Finding, ...]
    where: str = "profile"


@for_firms
def profile(request: HttpRequest) -> HttpResponseBase:
    """One's own account; a form changes the password."""
    found: tuple[Finding, ...] = ()
    if request.method == "POST":
        try:
            changed = change_password(request)
        except BadInput as error:
            found = error.findings
        else:
            update_session_auth_hash(request, changed)
            messages.success(request, "密码已修改。")
            return onward(request, "profile")
    user = request.user
    page = ProfilePage(user.username, user.label, user.get_role_display(), area_name(user.area) if user.area else "",
                       str(user.office or ""), found)
    return show(request, page, "web/profile.html", 400 if found else 200)


def change_password(request: HttpRequest) -> User:
    """Changes one's own password, typed twice."""
    new = request.POST.get("new", "")
    if new != request.POST.get("again", ""):
        raise BadInput([Finding("profile.again", "新密码", "两次输入的新密码不一样；没有修改。")])
    return people.change_password(request.user, request.POST.get("old", ""), new)


urls = [
    *twin("people", users, "people", *FILES),
    *twin("people/add", add, "add-person"),
    *twin("people/<int:key>", person, "person"),
    *twin("people/offices", offices, "offices", *FILES),
    *act("people/offices/<int:key>", rename, "rename-office"),
    *twin("profile", profile, "profile"),
]
