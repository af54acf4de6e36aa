"""Accounts that speak for parties: asked for by anybody, confirmed by an officer, ended by either.

Who asks learns nothing of the roll: the same answer whether there is such a party, whether the name is its name, and
whether somebody else speaks for it. What does not fit is journalled, and shown to the officer.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from plumbline.kernel import BY_CODE, BadInput, Conflict, Finding, NotAllowed, credit_code, scope
from plumbline.store import folders
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.papers import Paper, paper_of, read_of
from plumbline.store.parties.keys import keys_of
from plumbline.store.parties.roll import row_of
from plumbline.store.parties.tables import ASKED, CONFIRMED, ENDED, REFUSED, Binding
from plumbline.store.people.accounts import create_user
from plumbline.store.people.roles import may, require
from plumbline.store.people.tables import User
from plumbline.store.words import bad, longest, plain, reason, refuse, text_trouble

KEPT = ("user_id", "table", "key", "name", "area", "state", "paper", "answer")
ABSENT = "没有这项申请，或者您无权处理；没有保存任何改动。"
STALE = "这项申请刚被他人处理；没有保存您的操作，请刷新后再看。"
# firms one account may speak for, and ask for at once
MOST, MOST_ASKED = 20, 5
# days what was shown as evidence is kept once it is over
KEPT_DAYS = 365
LABELS = {"name": "企业名称", "evidence": "说明"}
PHOTOS = ("image/jpeg", "image/png", "application/pdf")
Told = Mapping[str, Any]


def own(user: Any, table: str, key: str) -> Binding:
    """The binding by which an account speaks for a party; NotAllowed, in the words of any other refusal, where it does not."""
    found = Binding.objects.filter(user=user.pk, table=table, key=key, state=CONFIRMED).first()
    if found is None or key not in keys_of(user, table):
        raise NotAllowed("没有这家企业，或者您的账号没有绑定它；没有保存任何改动。")
    return found


@transaction.atomic
def join(told: Told, file: tuple[str, Any] | None = None, now: datetime | None = None) -> Binding:
    """A new account and what it asks to speak for, in one.

    told    username, password, label, area, table, key, name, evidence
    Raises  BadInput with every finding of either; nothing of it says whether there is such a party
    """
    found: list[Finding] = []
    user = None
    try:
        with transaction.atomic():
            user = create_user(None, str(told.get("username", "")), str(told.get("password", "")),
                               label=str(told.get("label", "")).strip(), role="firm", area=str(told.get("area", "")))
    except BadInput as error:
        found += error.findings
    paper, troubles = _checked(told, file)
    refuse(found + troubles)
    return _asked(user, told, paper, now or timezone.now())


@transaction.atomic
def ask(user: Any, told: Told, file: tuple[str, Any] | None = None, now: datetime | None = None) -> Binding:
    """Ask to speak for one more party; the same asked twice is one."""
    if not (user.is_authenticated and user.is_active and user.role == "firm"):
        raise NotAllowed("只有企业用户可以申请绑定企业；没有保存任何改动。")
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    paper, troubles = _checked(told, file)
    refuse(troubles)
    key = folded(told)
    if known := Binding.objects.filter(user=user, table=told["table"], key=key, state__in=(ASKED, CONFIRMED)).first():
        return known
    states = list(Binding.objects.filter(user=user, state__in=(ASKED, CONFIRMED)).values_list("state", flat=True))
    if len(states) >= MOST or states.count(ASKED) >= MOST_ASKED:
        raise bad("binding.many", "绑定", f"每个账号最多绑定 {MOST} 家企业，同时待核对的最多 {MOST_ASKED} 家；没有提交。")
    return _asked(user, told, paper, now or timezone.now())


def folded(told: Told) -> str:
    """The code told, as it is kept."""
    return credit_code.folded(str(told.get("key", "")))


def _checked(told: Told, file: tuple[str, Any] | None) -> tuple[Paper | None, list[Finding]]:
    """The picture as it is to be kept; and everything that is wrong with what was told."""
    found = [Finding(f"binding.{name}", label, trouble) for name, label in LABELS.items()
             if (trouble := text_trouble(label, _line(told, name), longest(Binding, name)))]
    if not _line(told, "name"):
        found.append(Finding("binding.name", "企业名称", "请写营业执照上的企业全称。"))
    if trouble := credit_code.trouble(folded(told)):
        found.append(Finding("binding.key", "统一社会信用代码", trouble))
    if (area := str(told.get("area", ""))) not in BY_CODE or scope(area) != area:
        found.append(Finding("binding.area", "地区", "请选择企业所在的区。"))
    if not (_line(told, "evidence") or file):
        found.append(Finding("binding.evidence", "说明", "请上传营业执照照片，或写明您与企业的关系和联系电话，供工作人员核对。"))
    try:
        paper = paper_of(file[0], read_of(*file)) if file else None
    except BadInput as error:
        return None, [*found, *error.findings]
    if paper and paper.type not in PHOTOS:
        found.append(Finding("binding.paper", "营业执照", "请上传照片（jpg、png）或 pdf。"))
    return paper, found


def _line(told: Told, name: str) -> str:
    return " ".join(str(told.get(name, "")).split())


def _asked(user: Any, told: Told, paper: Paper | None, now: datetime) -> Binding:
    table, key, name = str(told["table"]), folded(told), _line(told, "name")
    row = row_of(table, key)
    fits = row is not None and row.get("name") == name
    taken = Binding.objects.filter(table=table, key=key, state=CONFIRMED).exclude(user=user).exists()
    area = str(row["area"]) if row is not None and fits else str(told["area"])
    made = Binding(user=user, table=table, key=key, name=name, area=area, evidence=_line(told, "evidence"), asked_at=now)
    if paper:
        made.paper, made.paper_name, made.paper_type = _laid(paper), paper.name, paper.type
    made.save()
    writes = [Write("binding.ask", "binding", made.pk, None, plain(made, KEPT), area=area)]
    if not fits or taken:
        why = "信用代码不在名录" if row is None else "名称与名录不符" if not fits else "已有其他账号绑定"
        writes.append(Write("firm.knock", "binding", made.pk, None, {"key": key}, why, area))
    record(user, *writes)
    return made


def folder() -> Path:
    """Where the pictures lie."""
    return settings.DATA / "bindings"


def _laid(paper: Paper) -> str:
    sha256 = hashlib.sha256(paper.data).hexdigest()
    with folders.locked(folder()):
        folders.put(folder() / sha256, paper.data)
    return sha256


def forget(now: datetime) -> int:
    """Drop what was shown as evidence by those who were refused, or speak for the firm no longer, a year after; how many."""
    old = Binding.objects.filter(state__in=(REFUSED, ENDED), decided_at__lt=now - timedelta(days=KEPT_DAYS))
    return old.exclude(paper="", evidence="").update(paper="", paper_name="", paper_type="", evidence="")


def tidy() -> int:
    """Drop pictures no binding rests on: forgotten, or of an application that was refused half way; how many there were."""
    if not folder().is_dir():
        return 0
    with folders.locked(folder()):
        kept = set(Binding.objects.exclude(paper="").values_list("paper", flat=True)) | {".lock"}
        loose = [path for path in folder().iterdir() if path.name not in kept]
        for path in loose:
            path.unlink()
        return len(loose)


def paper_path(user: Any, binding_id: int) -> tuple[Binding, Path]:
    """A picture handed in, for who asked and for the officers of its area; NotAllowed for all others."""
    one = Binding.objects.visible_to(user).filter(pk=binding_id).exclude(paper="").first()
    if one is None or not (one.user_id == user.pk or may(user, "bind", one.area)) or not (folder() / one.paper).exists():
        raise NotAllowed("没有这个附件，或者您无权查看。")
    return one, folder() / one.paper


@transaction.atomic
def confirm(user: Any, binding_id: int, version: int, now: datetime | None = None) -> Binding:
    """Let an account speak for a party; the roll must know it."""
    one = _locked(user, binding_id, (ASKED,), version)
    row = row_of(one.table, one.key)
    if row is None:
        raise bad("binding.row", "企业名录", "名录里没有这个信用代码，不能确认；请先核对代码，或等名录更新后再办。")
    before = plain(one, KEPT)
    one.state, one.area = CONFIRMED, str(row["area"])
    require(user, "bind", one.area)
    return _decided(user, one, before, "binding.confirm", now)


@transaction.atomic
def refuse_binding(user: Any, binding_id: int, version: int, why: str, now: datetime | None = None) -> Binding:
    """Refuse, with a reason the account reads."""
    why = reason(why)
    one = _locked(user, binding_id, (ASKED,), version)
    before = plain(one, KEPT)
    one.state, one.answer = REFUSED, why
    return _decided(user, one, before, "binding.reject", now)


@transaction.atomic
def end(user: Any, binding_id: int, why: str, now: datetime | None = None) -> Binding:
    """End it: the account for itself, at any time; an officer with a reason. One that is over stays as it is."""
    one = Binding.objects.select_for_update(of=("self",)).filter(pk=binding_id).first()
    mine = one is not None and one.user_id == user.pk and user.is_active
    if one is None or not (mine or may(user, "bind", one.area)):
        raise NotAllowed(ABSENT)
    why = reason(why, needed=not mine)
    if one.state not in (ASKED, CONFIRMED):
        return one
    before = plain(one, KEPT)
    one.state, one.answer = ENDED, why or "企业用户自己解除"
    return _decided(user, one, before, "binding.end", now)


def _locked(user: Any, binding_id: int, states: tuple[str, ...], version: int) -> Binding:
    one = Binding.objects.select_for_update(of=("self",)).filter(pk=binding_id).first()
    if one is None or not may(user, "bind", one.area):
        raise NotAllowed(ABSENT)
    if one.state not in states or one.version != version:
        raise Conflict(STALE)
    return one


def _decided(user: Any, one: Binding, before: dict[str, Any], action: str, now: datetime | None) -> Binding:
    one.decided_by, one.decided_at, one.version = user, now or timezone.now(), one.version + 1
    one.save()
    record(user, Write(action, "binding", one.pk, before, plain(one, KEPT), one.answer, one.area))
    return one


def others(one: Binding) -> list[Binding]:
    """Who else speaks for the same party, or asks to."""
    return list(Binding.objects.filter(Q(table=one.table), key=one.key, state__in=(ASKED, CONFIRMED)).exclude(pk=one.pk)
                .select_related("user").order_by("pk"))


def knocked(user: Any, what: str, why: str) -> None:
    """Write down that an account tried what is not its own: `what`, as it was typed, is kept as its hash."""
    digest = hashlib.sha256(what.encode("utf-8", "replace")).hexdigest()[:16]
    with transaction.atomic():
        record(user, Write("firm.knock", "binding", digest, None, None, why))
