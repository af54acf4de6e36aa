"""People, reports and documents for tests; and the proof that a refusal left nothing behind."""

from contextlib import contextmanager
from decimal import Decimal

import pytest
from django.apps import apps

from plumbline import kernel
from plumbline.kernel import Heading, Place, Proposal, Report, Section, Statement
from plumbline.store import documents, people
from plumbline.store.documents import Found

TEXT = """云溪区上半年计划执行情况报告
一、上半年执行情况
退出一般制造业企业68家。就业率为96.1%。累计开通基站5135个。
二、问题
一是投资不足。
三、下半年措施
全年退出一般制造业企业90家。就业率不低于95%。年底前新增基站1.3万个。
"""
DATA = TEXT.encode()
PASSWORD = "quite-a-long-word-7"
DISTRICT, NEIGHBOUR, CITY = "990101", "110112", "990000"


def user(name="planner", role="planner", area=DISTRICT, **fields):
    """Somebody who may sign in."""
    return people.create_user(None, name, PASSWORD, label=name, role=role, area=area, **fields)


def claim(number, surface, value, unit, subject, **fields):
    """A claim that stands where `surface` is printed."""
    start = TEXT.index(surface)
    return kernel.Claim(number, TEXT[:start].count("\n") + 1, start, start + len(surface), surface, Decimal(value),
                        unit, subject, **fields)


PROMISE = {"modality": "target", "period": "2025", "deadline": "2025", "part": 3, "section": ("三、下半年措施",)}
DONE = {"period": "2025H1", "part": 1, "section": ("一、上半年执行情况",)}
CLAIMS = (
    claim(1, "68家", 68, "家", "退出一般制造业企业", **DONE),
    claim(2, "96.1%", "96.1", "%", "就业率", **DONE),
    claim(3, "5135个", 5135, "个", "开通基站", period="@2025-06-30", part=1),
    claim(4, "90家", 90, "家", "退出一般制造业企业", **PROMISE),
    claim(5, "95%", 95, "%", "就业率", bound=">=", **PROMISE),
    claim(6, "1.3万个", 13000, "个", "新增基站", **PROMISE),
)
AT = TEXT.index("全年退出")
COMMITMENT = kernel.Commitment("三.1", "三、下半年措施", "投资", 1, TEXT[AT:].strip(), 7, AT, len(TEXT) - 1,
                               "2025", ("区发展改革委",), (4, 5, 6))
PROBLEM = kernel.Problem(1, "投资不足", "一是投资不足。", 5, TEXT.index("一是"), TEXT.index("一是") + 7)
HEADING = Heading("云溪区上半年计划执行情况报告", "plan half-year", DISTRICT, "云溪区", "2025H1")
FOUND = Found(
    statements=(Statement("identity", "agrees", "68 = 68", (Place("r.txt", 3, 9, 12, 1),)),),
    pairings=(Proposal(4, 1, 0.9, "同为退出企业", False), Proposal(6, 3, 0.6, "同为基站", None)),
    answers=(Proposal(1, 1, 0.5, "都说投资"),))


def report(claims=CLAIMS, **fields):
    """A small report, read."""
    told = {"sections": (Section(1, "一、上半年执行情况", 2, 15, 24, 1),), "commitments": (COMMITMENT,),
            "problems": (PROBLEM,)} | fields
    return Report("r.txt", TEXT, HEADING, claims=tuple(claims), **told)


def document(by, data=DATA, published=False):
    """A document that has been read."""
    received = documents.receive(by, "报告.txt", data, published)
    documents.begin(received.pk)
    return documents.keep(received.pk, report(), FOUND)


def everything():
    """Every row of the store, and of the journal, as it lies there."""
    return {model.__name__: sorted(model._base_manager.values_list(), key=repr)
            for model in apps.get_app_config("store").get_models()}


@contextmanager
def refused(error):
    """What is refused leaves nothing behind: no row, no change, no journal entry."""
    before = everything()
    with pytest.raises(error) as raised:
        yield raised
    assert everything() == before
