"""Keys with which a program reads, or also writes, in a person's name; only their digest is kept, and they are shown once."""

import hashlib
import secrets
from typing import Any

from django.db import transaction
from django.utils import timezone

from plumbline.kernel import NotAllowed
from plumbline.store.journal.writing import Write, record
from plumbline.store.people.roles import may, require
from plumbline.store.people.tables import AccessKey, User
from plumbline.store.words import bad, longest, text_trouble

MOST_KEYS = 10
BEGINS = "plk_"


@transaction.atomic
def create_key(user: Any, label: str, writes: bool = False) -> tuple[AccessKey, str]:
    """A new key of one's own, and its secret, which is never shown again.

    writes  whether a program may also write with it, as far as its owner may; chosen here, and never changed
    Raises  BadInput without a use to it, or where there are `MOST_KEYS` already; NotAllowed for who may not see
    """
    require(user, "see", user.area)
    label = " ".join(label.split())
    if not label:
        raise bad("key.label", "用途", "请写明这把密钥给哪个程序用；没有新增。")
    if trouble := text_trouble("用途", label, longest(AccessKey, "label")):
        raise bad("key.label", "用途", trouble)
    User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if AccessKey.objects.filter(user=user, retired_at=None).count() >= MOST_KEYS:
        raise bad("key.many", "密钥", f"在用的密钥已有 {MOST_KEYS} 把；请先停用不再使用的。没有新增。")
    secret = BEGINS + secrets.token_urlsafe(32)
    key = AccessKey(user=user, label=label, digest=digest_of(secret), hint=secret[-4:], writes=writes, made_at=timezone.now())
    key.save()
    record(user, Write("accesskey.create", "accesskey", key.pk, None,
                       {"label": label, "hint": key.hint, "writes": writes}, area=user.area))
    return key, secret


@transaction.atomic
def retire_key(user: Any, key_id: int) -> AccessKey:
    """Stop a key: one's own, or one of a person whom one manages. A key that is stopped already stays as it is."""
    key = AccessKey.objects.select_for_update(of=("self",)).select_related("user").filter(pk=key_id).first()
    if key is None or not (key.user_id == user.pk or may(user, "people", key.user.area)):
        raise NotAllowed("没有这把密钥，或者您无权停用它；没有保存任何改动。")
    if key.retired_at is None:
        key.retired_at = timezone.now()
        key.save()
        record(user, Write("accesskey.retire", "accesskey", key.pk, {"retired_at": None},
                           {"retired_at": key.retired_at.isoformat()}, area=key.user.area))
    return key


def key_of(secret: str) -> AccessKey | None:
    """The key of a secret, with its owner; None where there is none, it is stopped, or its owner may not sign in or is a firm."""
    return AccessKey.objects.select_related("user").filter(
        digest=digest_of(secret), retired_at=None, user__is_active=True).exclude(user__role="firm").first()


def user_of_key(secret: str) -> User | None:
    """Whose key a secret is; None where it is nobody's."""
    key = key_of(secret)
    return key.user if key else None


def digest_of(secret: str) -> str:
    """What is kept of a secret; it is too long to be guessed, so that a quick hash will do."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
