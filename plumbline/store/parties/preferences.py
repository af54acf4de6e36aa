"""How a party wants to be told of policies: through which channels, of what kinds not, and at which hours not."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from plumbline.kernel import Conflict, Finding
from plumbline.store.journal.writing import Write, record
from plumbline.store.orders.opening import EMAIL
from plumbline.store.orders.outbound import trouble_of
from plumbline.store.orders.steps import hash_of
from plumbline.store.parties.bindings import own
from plumbline.store.parties.tables import Preference
from plumbline.store.words import longest, plain, refuse, text_trouble

KEPT = ("key", "unwanted", "quiet_from", "quiet_until")
STALE = "接收设置刚被同一企业的其他账号修改；没有保存，请刷新后再改。"
MOST_KINDS = 50


def of(table: str, key: str) -> Preference:
    """What stands of a party; not saved where it never said anything."""
    return Preference.objects.filter(table=table, key=key).first() or Preference(table=table, key=key)


@transaction.atomic
def choose(user: Any, table: str, key: str, told: Mapping[str, Any], version: int) -> Preference:
    """Choose anew.

    told    mail, hook (empty: not by this channel), unwanted (kinds of policy), quiet_from, quiet_until (0 to 23)
    Raises  NotAllowed, BadInput with every finding, Conflict where another account of the party was quicker
    """
    binding = own(user, table, key)
    one, new = Preference.objects.select_for_update().get_or_create(table=table, key=key, defaults={"area": binding.area})
    if one.version != version:
        raise Conflict(STALE)
    before = None if new else _kept(one)
    refuse(_put(one, told))
    if one.hook and not one.secret:
        one.secret = secrets.token_urlsafe(32)
    one.version += 1
    one.save()
    record(user, Write("preference.choose", "preference", one.pk, before, _kept(one), area=one.area))
    return one


def _kept(one: Preference) -> dict[str, Any]:
    """What the journal, which forgets nothing, holds of it: where words are sent to as a hash."""
    return plain(one, KEPT) | {f"{name}_sha256": hash_of(told) for name in ("mail", "hook") if (told := getattr(one, name))}


def _put(one: Preference, told: Mapping[str, Any]) -> list[Finding]:
    """Put what is told into a preference; what is wrong with it."""
    found = []
    one.mail, one.hook = (str(told.get(name, "")).strip() for name in ("mail", "hook"))
    for name, label in (("mail", "邮箱"), ("hook", "接口地址")):
        if trouble := text_trouble(label, getattr(one, name), longest(Preference, name)):
            found.append(Finding(f"preference.{name}", label, trouble))
    if one.mail and not EMAIL.fullmatch(one.mail):
        found.append(Finding("preference.mail", "邮箱", "这不像一个邮箱地址；请核对，或者留空。"))
    if one.hook and (trouble := trouble_of(one.hook)):
        found.append(Finding("preference.hook", "接口地址", trouble))
    one.unwanted = sorted({str(each)[:60] for each in told.get("unwanted") or ()})[:MOST_KINDS]
    for name, label in (("quiet_from", "免打扰起"), ("quiet_until", "免打扰止")):
        text = str(told.get(name, ""))
        if not (text.isascii() and text.isdigit() and int(text) < 24):
            found.append(Finding(f"preference.{name}", label, "请选 0 到 23 点。"))
        else:
            setattr(one, name, int(text))
    return found


def heard_at(one: Preference, now: datetime) -> datetime:
    """When something may be sent: now, or when the quiet hours are over."""
    local = timezone.localtime(now)
    start, end = one.quiet_from, one.quiet_until
    quiet = start <= local.hour < end if start <= end else local.hour >= start or local.hour < end
    if not quiet:
        return now
    over = local.replace(hour=end, minute=0, second=0, microsecond=0)
    return over if over > local else over + timedelta(days=1)
