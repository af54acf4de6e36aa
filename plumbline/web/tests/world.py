"""A district with people, offices and a report, for the tests of the pages."""

from types import SimpleNamespace

from django.test import Client

from plumbline import kernel
from plumbline.kernel import Heading, Proposal, Report
from plumbline.store import documents, people, plans
from plumbline.store.documents import Found
from plumbline.store.models import Answer, Pairing
from plumbline.store.tests import made

WHY = "常务会议纪要"


def district():
    """Everybody of a district, a neighbour, and a report whose promises are in the plan but for one."""
    mine = people.create_office(None, "区经信局", made.DISTRICT)
    other = people.create_office(None, "区商务局", made.DISTRICT)
    everybody = {
        "planner": made.user("planner"),
        "leader": made.user("leader", "leader"),
        "deputy": made.user("deputy", "deputy"),
        "office": made.user("office", "office", office=mine),
        "other_office": made.user("other_office", "office", office=other),
        "neighbour": made.user("neighbour", area=made.NEIGHBOUR),
    }
    planner = everybody["planner"]
    document = made.document(planner)
    claims = {claim.number: claim for claim in document.claims.all()}
    targets = plans.commit(planner, [claims[4].pk, claims[5].pk], WHY, office=mine)
    (commitment,) = document.commitments.all()
    plans.confirm_commitments(planner, [commitment.pk], WHY, office=mine)
    return SimpleNamespace(
        people=everybody, planner=planner, mine=mine, other=other, document=document, claims=claims,
        firms=targets[0], jobs=targets[1], commitment=commitment, problem=document.problems.get(),
        pairing=Pairing.objects.get(promised=claims[4]), answer=Answer.objects.get())


def browser(user=None):
    """Somebody's browser."""
    client = Client(raise_request_exception=True)
    if user:
        client.force_login(user)
    return client


def large(by, many, area=made.DISTRICT):
    """A report with many promises, each reported, committed to and a problem; one in five is not in the plan."""
    lines = [f"第{n}类项目已完成{n}00个。第{n}类项目全年完成{n}000个。" for n in range(1, many + 1)]
    text = "大报告\n" + "\n".join(lines) + "\n"
    claims = [one for n in range(1, many + 1) for one in (
        _claim(text, 2 * n - 1, f"{n}00个", n, "actual", period="2025H1"),
        _claim(text, 2 * n, f"{n}000个", n, "target", period="2025", deadline="2025", section=(f"第{n % 3}节",)))]
    commitments = [kernel.Commitment(
        f"三.{n}", f"第{n % 3}节", "项目", n, lines[n - 1], n + 1, text.index(lines[n - 1]), 1, "2025", (), (2 * n,))
        for n in range(1, many + 1)]
    problems = [kernel.Problem(n, f"第{n}个问题", "问题。", n + 1, 0, 3) for n in range(1, many + 1)]
    heading = Heading("大报告", "plan half-year", area, "云溪区", "2025H1")
    report = Report("big.txt", text, heading, claims=tuple(claims), commitments=tuple(commitments),
                    problems=tuple(problems))
    found = Found(
        pairings=tuple(Proposal(2 * n, 2 * n - 1, 0.9, "同类项目", False) for n in range(1, many + 1)),
        answers=tuple(Proposal(n, n, 0.5, "都说项目") for n in range(1, many + 1)))
    received = documents.receive(by, "大.txt", text.encode())
    documents.begin(received.pk)
    document = documents.keep(received.pk, report, found)
    _into_the_plan(by, document)
    return document


def _claim(text, number, surface, n, modality, **fields):
    start = text.index(f"{'已' if modality == 'actual' else '全年'}完成{surface}") + (3 if modality == "actual" else 4)
    value = kernel.claim.Decimal(surface.removesuffix("个"))
    return kernel.Claim(number, n + 1, start, start + len(surface), surface, value, "个", f"第{n}类项目",
                        modality=modality, **fields)


def _into_the_plan(by, document):
    promised = document.claims.filter(modality="target").order_by("number")
    plans.commit(by, [claim.pk for claim in promised if claim.number % 10])
    for pairing in Pairing.objects.filter(promised__document=document)[::2]:
        plans.decide(by, pairing, "confirmed")
    plans.confirm_commitments(by, [one.pk for one in document.commitments.all()[::2]])
    for answer in Answer.objects.filter(problem__document=document)[::3]:
        plans.decide(by, answer, "confirmed")


def drained(answer):
    """An answer, read to its end: a list as csv is made while it is read."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content
