"""Ranking: shares of orders, weighted by dated data; ties shared; nothing asked is no rank."""

from datetime import date
from decimal import Decimal

from django.conf import settings

from plumbline.systems.programmes.ranking import Office, Told, ranked, score, weights_on

WEIGHTS = weights_on(settings.CATALOG.parameters, date(2020, 6, 30))
A, B, C, D = (Office(key, name, "street") for key, name in enumerate(("甲街道", "乙街道", "丙街道", "丁街道"), 1))
BELOW = {"on_time": (1, 2, 3), "returns": (4, 5), "closed": (1, 2, 3)}


def made(office, above, below=None, urged=()):
    return score(office, Told(BELOW if below is None else below, above, urged), WEIGHTS)


def test_weights_are_data():
    assert (WEIGHTS.points, WEIGHTS.urged) == ({"on_time": 40, "returns": 30, "closed": 30}, 2)


def test_a_score_by_hand():
    told = made(A, {"on_time": (1, 2), "returns": (4, 5), "closed": (1,)}, urged=(3,))
    # 2/3·40 + 2/2·30 + 1/3·30 − 2 = 26.667 + 30 + 10 − 2
    assert told.total == Decimal("64.67")
    assert [one.points for one in told.shares] == [Decimal("26.67"), 30, 10]
    assert told.words == ("按期办结2/3得26.67（满40），按时填报2/2得30.00（满30），办结1/3得10.00（满30）；满分100折成百分；"
                          "督办扣2分；得64.67分。")


def test_what_there_was_none_of_is_left_out():
    told = made(A, {"returns": (4,)}, {"returns": (4, 5)})
    assert told.total == Decimal("50.00")
    assert [one.value for one in told.shares] == [None, Decimal("0.5"), None]
    assert "按期办结、办结本月没有，其余按30分折成百分" in told.words


def test_nothing_asked_is_no_rank_and_no_zero():
    told = made(D, {}, {})
    assert (told.total, told.rank, told.words) == (None, None, "本月没有应办、应报的事项，不参加排名。")


def test_ties_share_a_rank():
    half = {"on_time": (1, 2, 3), "returns": (4,), "closed": (1, 2, 3)}
    scores = [made(A, half), made(B, half), made(C, BELOW), made(D, {}, {})]
    assert [(one.office.name, one.rank) for one in ranked(scores)] == [
        ("丙街道", 1), ("乙街道", 2), ("甲街道", 2), ("丁街道", None)]
    assert ranked([*scores, made(Office(9, "戊街道", "street"), {}, {})])[3].rank is None
    last = made(Office(5, "己街道", "street"), {"returns": (4,)})
    assert [one.rank for one in ranked([*scores[:3], last])] == [1, 2, 2, 4]


def test_kinds_are_ranked_apart():
    other = Office(7, "某局", "department")
    assert [one.rank for one in ranked([made(A, BELOW), score(other, Told(BELOW, {}), WEIGHTS)])] == [1, 1]


def test_no_score_below_nothing():
    assert made(A, {}, urged=(1,) * 9).total == 0
