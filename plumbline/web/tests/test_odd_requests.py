"""Requests no page of ours sends: answered in words, never with an error of the server."""

import csv
import io
import json

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from django.test import Client

from plumbline.store import documents
from plumbline.store.models import Claim, Document, Entry
from plumbline.store.tests import made
from plumbline.web import attempts
from plumbline.web.tests import world

pytestmark = pytest.mark.django_db
ENCODINGS = ("utf-7", "utf-16", "punycode", "unicode_escape", "gb18030")


@pytest.fixture
def district():
    return world.district()


@pytest.fixture
def client(district):
    return world.browser(district.planner)


@pytest.fixture
def fresh():
    cache.clear()
    yield
    cache.clear()


@pytest.mark.parametrize("address", [
    "/cockpit/?on=9999-12-31", "/cockpit/?on=0001-01-01", f"/documents/?size={'9' * 5000}", "/documents/?size=²",
    f"/documents/?page={'9' * 5000}", "/documents/?page=-1", "/documents/?sort=received_by__password",
    f"/plan/?document={'9' * 5000}", f"/plan/targets/?document={'9' * 30}", "/documents/?q=%00%ff"])
def test_an_odd_address_is_answered(client, address):
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_another_encoding_than_ours_is_refused_and_nothing_is_written(client, district, encoding):
    before = Entry.objects.count()
    kind = f"application/x-www-form-urlencoded; charset={encoding}"
    for answer in (
        client.get("/documents/?q=%2B2AA-", headers={"content-type": kind}),
        client.post(f"/documents/{district.document.pk}/publish/", b"why=%2B2AA-", content_type=kind),
        client.post("/documents.json", b"--x--", content_type=f"multipart/form-data; charset={encoding}; boundary=x"),
    ):
        assert answer.status_code == 400
        assert "UTF-8" in json.dumps(answer.json(), ensure_ascii=False) if answer.headers[
            "Content-Type"] == "application/json" else "UTF-8" in answer.content.decode()
    assert (Entry.objects.count(), Document.objects.count()) == (before, 1)


def test_our_own_encoding_is_taken_however_it_is_written(client):
    for name in ("utf-8", "UTF8", "utf_8"):
        assert client.get("/documents/", headers={"content-type": f"text/plain; charset={name}"}).status_code == 200


def test_a_database_that_does_not_answer_is_said_and_nothing_is_kept(client, data, monkeypatch):
    def away(*_, **__):
        raise OperationalError("database is locked")

    before = sorted((data / "files").iterdir())
    monkeypatch.setattr(documents, "receive", away)
    upload = SimpleUploadedFile("报告.txt", "上半年完成投资3亿元。".encode())
    answer = client.post("/documents.json", {"file": upload})
    assert (answer.status_code, answer.json()["title"]) == (503, "暂时不能保存")
    assert sorted((data / "files").iterdir()) == before


def sign_in(password, username="planner", client=None):
    return (client or Client()).post("/sign-in/", {"username": username, "password": password})


def test_after_ten_wrong_passwords_even_the_right_one_waits(district, fresh):
    assert {sign_in("wrong").status_code for _ in range(attempts.MOST)} == {200}
    refused = sign_in(made.PASSWORD)
    assert refused.status_code == 429
    assert "15 分钟" in refused.content.decode()
    assert sign_in(made.PASSWORD, "leader").status_code == 302


def test_a_right_password_ends_the_count(district, fresh):
    for _ in range(3):
        assert {sign_in("wrong").status_code for _ in range(attempts.MOST - 1)} == {200}
        assert sign_in(made.PASSWORD).status_code == 302


def test_one_address_does_not_shut_a_person_out_at_another(district, fresh):
    for _ in range(attempts.MOST + 1):
        sign_in("wrong")
    assert sign_in(made.PASSWORD, client=Client(REMOTE_ADDR="10.0.0.7")).status_code == 302


def test_a_name_that_cannot_be_written_is_only_wrong(district, fresh):
    for name in ("a\0b", "长" * 10_000, "\u202e", ""):
        assert sign_in("x", name).status_code == 200


def test_a_negative_value_is_exported_as_a_number(client, district):
    claim = district.claims[1]
    documents.correct(district.planner, claim.pk, {"value": "-17.10"}, "核对原文", Claim.objects.get(pk=claim.pk).version)
    answer = client.get(f"/documents/{district.document.pk}/claims.csv")
    rows = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [row["数值"] for row in rows if row["序"] == "1"] == ["-17.10"]
