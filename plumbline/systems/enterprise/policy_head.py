"""The form of a policy's fields: paper, office, way, days, materials; a new one, or one that is not published yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from plumbline.kernel import AREAS, BadInput, Conflict, Finding
from plumbline.store import declarations, policies
from plumbline.store.models import Document
from plumbline.store.people import may, offices_of, require
from plumbline.store.policies import WAYS, Policy
from plumbline.web import choices
from plumbline.web.forms import onward, status_of, told, version, whole
from plumbline.web.listing import day
from plumbline.web.screen import show, twin

TEXTS = ("title", "number", "issuer", "office", "document", "text", "way", "materials", "since", "until", "apply_since",
         "apply_until", "area")
DAYS = {"since": "施行日期", "until": "有效期至", "apply_since": "申报开始", "apply_until": "申报截止"}


@dataclass(frozen=True, slots=True)
class HeadForm:
    """A policy's fields as they are typed; `key` is 0 for a new one."""

    key: int
    title: str
    fields: dict[str, str]
    version: int
    areas: list[tuple[str, str]]
    offices: list[tuple[str, str]]
    documents: choices.Choices
    trouble: str = ""
    findings: list[Finding] = field(default_factory=list)
    ways: tuple[tuple[str, str], ...] = WAYS
    where: str = "policies"


def seen_policy(request: HttpRequest, key: int) -> Policy:
    """A policy this user sees, 404 where there is none."""
    row = Policy.objects.visible_to(request.user).select_related("office", "document", "revises").filter(pk=key).first()
    if row is None:
        raise Http404
    return row


def add(request: HttpRequest) -> HttpResponseBase:
    """A new policy."""
    require(request.user, "policy", request.user.area or AREAS[0].code)
    fields = dict.fromkeys(TEXTS, "") | {"way": "apply", "area": request.user.area}
    if request.method != "POST":
        key = whole(request.GET.get("document", ""))
        document = Document.objects.visible_to(request.user).filter(pk=key, state="read").first()
        if document:
            fields |= {"document": str(document.pk), "title": document.title[:200], "text": document.text}
        return page(request, None, fields)
    typed = typed_in(request)
    try:
        made = policies.draft(request.user, {**changes_of(request, typed), "area": typed["area"], "table": table_key()})
    except (BadInput, Conflict) as error:
        return page(request, None, typed, error)
    messages.success(request, f"政策「{made.title}」已保存为草稿；请在工作台逐条写明条件。")
    return onward(request, "policy-work", made.pk)


def edit(request: HttpRequest, key: int) -> HttpResponseBase:
    """The fields of a policy that is not published yet."""
    policy = seen_policy(request, key)
    if not policies.writes(request.user, policy):
        raise Http404
    if request.method != "POST":
        return page(request, policy, fields_of(policy))
    typed = typed_in(request)
    try:
        policies.edit(request.user, key, changes_of(request, typed), version(request))
    except (BadInput, Conflict) as error:
        return page(request, policy, typed, error)
    messages.success(request, "已保存，并记入日志。")
    return onward(request, "policy-work", key)


def table_key() -> str:
    """The roll policies are for: that of this system."""
    return next(key for key, one in declarations.catalog().tables.items() if one.roll)


def typed_in(request: HttpRequest) -> dict[str, str]:
    """What was typed, whether it can be read or not."""
    return {name: request.POST.get(name, "").replace("\0", "") for name in TEXTS}


def fields_of(policy: Policy) -> dict[str, str]:
    """A policy's fields as its form has them."""
    plain: Mapping[str, Any] = {name: getattr(policy, name) for name in TEXTS if name not in ("office", "document", "materials")}
    made = {name: "" if value is None else str(value) for name, value in plain.items()}
    return made | {"office": str(policy.office_id or ""), "document": str(policy.document_id or ""),
                   "materials": "\n".join(policy.materials)}


def changes_of(request: HttpRequest, typed: Mapping[str, str]) -> dict[str, Any]:
    """What was typed in the values the store takes; the words of a document that was chosen where no text was typed."""
    made: dict[str, Any] = {name: " ".join(typed[name].split()) for name in ("title", "number", "issuer", "way")}
    wrong = [Finding("policy.day", words, f"「{words}」的“{typed[name][:20]}”不是日期；请写作 2020-12-31。")
             for name, words in DAYS.items() if typed[name].strip() and day(typed[name].strip()) is None]
    if wrong:
        raise BadInput(wrong)
    made |= {name: day(typed[name].strip()) for name in DAYS}
    made |= {name: whole(typed[name]) for name in ("office", "document")}
    made |= {"text": typed["text"] or text_of(request.user, made["document"]), "materials": typed["materials"].splitlines()}
    return made


def text_of(user: Any, document: int | None) -> str:
    """The words of a document this user sees."""
    return Document.objects.visible_to(user).filter(pk=document).values_list("text", flat=True).first() or ""


def page(request: HttpRequest, policy: Policy | None, fields: dict[str, str], error: Exception | None = None) -> HttpResponseBase:
    """The form with these fields in it."""
    user = request.user
    areas = [(one.code, one.name) for one in AREAS if may(user, "policy", one.code)]
    offices = [(str(one.pk), str(one)) for one in offices_of(user)]
    screen = HeadForm(policy.pk if policy else 0, policy.title if policy else "新政策", fields, policy.version if policy else 0,
                      areas, offices, choices.documents(user), *told(error))
    return show(request, screen, "enterprise/policy-head.html", status_of(error) if error else 200)


urls = [
    *twin("enterprise/policies/add", add, "policy-add"),
    *twin("enterprise/policies/<int:key>/edit", edit, "policy-edit"),
]
