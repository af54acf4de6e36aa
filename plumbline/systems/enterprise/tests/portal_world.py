"""A district with firms, their accounts and policies that answer them: invented."""

import re
from datetime import date
from html import unescape

from django.test import Client
from django.utils import timezone

from plumbline.store.models import Policy, PolicyVersion
from plumbline.store.parties.tests import firms
from plumbline.store.parties.tests.firms import MINE
from plumbline.store.policies.wording import FIELDS
from plumbline.store.tests import made
from plumbline.store.words import plain

DAY = date(2020, 1, 1)
# title, conditions, gift
POLICIES = {
    "fits": ("虚构租金减免", {"c1": ("在本区承租房屋", "renter"), "c2": ("从业人员不多于三百一十人", "employees <= 310")},
             {"label": "减免", "base": "rent_yuan", "rate": "0.5"}),
    "near": ("虚构小微补贴", {"c1": ("从业人员不多于三百人", "employees <= 300")}, None),
    "untold": ("虚构稳岗返还", {"c1": ("裁员率不高于百分之五点五", "layoff_rate <= 0.055"),
                          "c2": ("没有严重失信", "not dishonest")}, None),
    "never": ("虚构高精尖奖励", {"c1": ("属高精尖产业", "high_end"), "c2": ("在园区内", "in_park")}, None),
}
FACTS = {"kind": "企业", "status": "存续", "renter": True, "rent_yuan": 24_000, "high_end": False, "in_park": False}


def known(monkeypatch):
    """The roll knows the firms, with facts that the policies read."""
    rows = {key: {**row, **(FACTS if key == MINE else {"kind": "企业", "status": "存续"})} for key, row in firms.ROWS.items()}
    firms.known(monkeypatch, rows)
    monkeypatch.setattr("plumbline.systems.enterprise.portal_known.row_of", lambda table, key: rows.get(key))
    return rows


def district():
    """The district of the parties' tests, with a policy of each answer, published."""
    world = firms.district()
    world.policies = {name: policy(world, *told) for name, told in POLICIES.items()}
    return world


def policy(world, title, conditions, gift, **more):
    """A published policy, as approving one leaves it."""
    now, text = timezone.now(), "。".join(label for label, _ in conditions.values()) + "。"
    told = {"area": made.DISTRICT, "table": firms.TABLE, "title": title, "issuer": "虚构区政府", "office": world.office,
            "text": text, "since": DAY, "state": "published", "edition": 1, "made_by": world.planner, "made_at": now,
            "changed_at": now, "published_at": now, "materials": ["营业执照"]} | more
    one = Policy.objects.create(**told)
    rule = {"label": title, "table": firms.TABLE, "since": DAY.isoformat(), "source": title, "because": {
        key: {"label": label, "text": expression, "source": title} for key, (label, expression) in conditions.items()}}
    rule |= {"gives": gift} if gift else {}
    clauses = [{"n": int(key[1:]), "kind": "condition", "body": {}, "start": text.index(label),
                "end": text.index(label) + len(label)} for key, (label, _) in conditions.items()]
    body = plain(one, ("area", "table", *FIELDS)) | {"rule": rule, "clauses": clauses}
    PolicyVersion.objects.create(policy=one, n=1, body=body, sha256="0" * 64,
                                 approved_by=world.planner, at=now)
    return one


def signed(user):
    """A browser somebody is signed in with."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def words(answer):
    """What a page says, without its marks."""
    return re.sub(r"\s+", " ", unescape(re.sub("<[^>]+>", " ", answer.content.decode())))
