"""Somebody of another district, and somebody who may only look: refused at every address, and nothing written."""

import re

import pytest
from playwright.sync_api import expect

from plumbline.site.tests.conftest import read_example
from plumbline.site.urls import urlpatterns

pytestmark = pytest.mark.slow
REFUSED = (403, 404)
CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")
# where the key of an address stands for a row of which table
KEYS = {"plan/targets": "store_target", "plan/commitments": "store_commitment", "journal": "store_entry",
        "people/offices": "store_office", "people": "store_user"}
KINDS = {"pairings": "store_pairing", "answers": "store_answer"}
# open to strangers, or a list by another name; they have cases of their own
OPEN = ("sdmx/", "indicators/", "ask/", "open311/", "policies/")


@pytest.fixture(scope="module")
def belongings(site):
    """What the first district has; filled once."""
    return {}


def filled(visit, site, belongings) -> dict[str, int]:
    """A report read, a target in the plan: the numbers under which the first district's things are kept."""
    if not belongings:
        page = visit("yunxi")
        read_example(page)
        page.goto("/plan/claims/")
        page.get_by_label("筛选出的全部").check()
        page.get_by_role("button", name="预览选中的目标").click()
        page.get_by_role("button", name="确认列入计划").click()
        expect(page.locator("#messages")).to_contain_text("列入计划")
        for table in {*KEYS.values(), *KINDS.values(), "store_document", "store_claim"}:
            key = "seq" if table == "store_entry" else "id"
            where = " where area = '990101'" if table in ("store_entry", "store_user", "store_office") else ""
            belongings[table] = site.query(f'select min({key}) from "{table}"{where}')[0][0]
    return belongings


def addresses(things) -> list[str]:
    """Every address that leads to one thing, filled with a thing of the first district."""
    found = []
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        if "<" not in route or route.startswith(OPEN):
            continue
        for kind in KINDS if "<str:kind>" in route else [""]:
            folder = next((folder for folder in KEYS if route.startswith(f"{folder}/<")), "")
            key = things[KINDS[kind]] if kind else things[KEYS[folder]] if folder else 0
            values = {"document": things["store_document"], "number": 2, "key": key, "kind": kind}
            found.append("/" + CONVERTER.sub(lambda name, values=values: str(values.get(name[1], 0)), route))
    return found


def bodies(things) -> dict[str, dict[str, str]]:
    """Addresses that name things in what is sent."""
    claim, commitment = str(things["store_claim"] + 1), str(things["store_commitment"])
    document = things["store_document"]
    return {f"/documents/{document}/claims/confirm/": {"id": claim}, "/plan/claims/preview/": {"id": claim},
            "/plan/claims/confirm/": {"id": claim}, "/plan/commitments/confirm/": {"id": commitment},
            "/plan/claims/confirm.json": {"id": claim}, "/plan/commitments/confirm.json": {"id": commitment}}


FORM = {"why": "试一试", "version": "0", "value": "1", "state": "confirmed", "published": "yes", "number": "2",
        "label": "改名", "name": "改名", "was": "区商务局", "username": "yunxi", "role": "leader", "area": "110112"}


@pytest.mark.parametrize("username", ["tongzhou", "deputy"])
def test_another_district_is_refused_everywhere_and_nothing_is_written(visit, site, belongings, username):
    things = filled(visit, site, belongings)
    page = visit(username)
    asked = page.context.request
    token = {"X-CSRFToken": next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")}
    before = site.everything()
    every = addresses(things)
    assert len(every) > 40
    for address in every:
        seen = asked.get(address, max_redirects=0)
        assert seen.status in (*REFUSED, 405), f"GET {address} gave {seen.status}"
        sent = asked.post(address, form=FORM, headers=token, max_redirects=0)
        assert sent.status in (*REFUSED, 405), f"POST {address} gave {sent.status}"
        assert "一般公共预算" not in seen.text() + sent.text(), address
    for address, body in bodies(things).items():
        sent = asked.post(address, form=FORM | body, headers=token, max_redirects=0)
        assert sent.status in REFUSED, f"POST {address} gave {sent.status}"
    assert site.everything() == before


def test_lists_of_another_district_hold_nothing_of_the_first(visit, site, belongings):
    filled(visit, site, belongings)
    asked = visit("tongzhou").context.request
    for pattern in urlpatterns:
        route = str(pattern.pattern)
        if "<" in route or route.startswith("sign-") or route.endswith("xlsx"):
            continue
        answer = asked.get(f"/{route}")
        if answer.status == 200:
            assert "云溪区2025" not in answer.text(), route
            assert "yunxi" not in answer.text(), route


def test_one_who_may_only_look_sees_and_changes_nothing(visit, site, belongings):
    things = filled(visit, site, belongings)
    page = visit("leader")
    document = things["store_document"]
    page.goto(f"/documents/{document}/#c2")
    expect(page.get_by_role("complementary", name="数字详情")).to_contain_text("要素")
    expect(page.get_by_role("button", name="确认无误")).to_have_count(0)
    token = {"X-CSRFToken": next(c["value"] for c in page.context.cookies() if c["name"] == "csrftoken")}
    before = site.everything()
    for act in ("claims/2/confirm", "claims/2/correct", "claims/2/aside", "claims/confirm", "publish", "remove", "stop"):
        sent = page.context.request.post(f"/documents/{document}/{act}/", form=FORM | {"id": str(things["store_claim"])},
                                         headers=token, max_redirects=0)
        assert sent.status == 403, f"{act} gave {sent.status}"
    assert page.context.request.post("/documents/", multipart={
        "file": {"name": "a.txt", "mimeType": "text/plain", "buffer": b"a"}}, headers=token).status == 403
    assert site.everything() == before


def test_stranger_is_sent_to_sign_in(visit, site, belongings):
    things = filled(visit, site, belongings)
    page = visit("leader")
    page.get_by_role("button", name="退出").click()
    for address in (*addresses(things), "/cockpit/", "/documents.json", "/checks.csv", "/journal/"):
        answer = page.context.request.get(address, max_redirects=0)
        assert answer.status in (302, 403), address
        assert answer.status == 403 or "/sign-in/" in answer.headers["location"], address
