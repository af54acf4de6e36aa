"""The sentence a number stands in, with the number marked; fetched without fetching the whole report."""

from dataclasses import dataclass

from django.db.models import F, Value
from django.db.models.functions import Greatest, Substr

from plumbline.store.models import Claim
from plumbline.web import links
from plumbline.web.words import bounded, period_words

BEFORE, LENGTH = 300, 700
ENDS = "。；！？\n"


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A sentence: what stands before the number, the number as printed, what stands behind it."""

    before: str
    number: str
    after: str

    @property
    def text(self) -> str:
        """The whole sentence."""
        return f"{self.before}{self.number}{self.after}"


@dataclass(frozen=True, slots=True)
class Side:
    """A claim as one side of a proposal; `href` leads to its place in the report."""

    claim: int
    subject: str
    words: str
    period: str
    document: str
    sentence: Excerpt
    href: str


def around(path: str = "") -> Substr:
    """The text around a claim, to be annotated; `path` leads to the claim (`promised__`)."""
    first = Greatest(F(f"{path}start") - Value(BEFORE), Value(0)) + Value(1)
    return Substr(F(f"{path}document__text"), first, LENGTH)


def excerpt(text: str, claim: Claim) -> Excerpt:
    """The sentence of a claim, from the text around it."""
    start = min(claim.start, BEFORE)
    end = start + claim.end - claim.start
    first = max(text.rfind(mark, 0, start) for mark in ENDS) + 1
    ends = [at + 1 for mark in ENDS if (at := text.find(mark, end)) >= 0]
    return Excerpt(text[first:start].lstrip(), text[start:end], text[end:min(ends, default=len(text))].rstrip())


def parted(sentence: str, number: str) -> Excerpt:
    """A sentence around a number it prints; the number alone where it does not.

    >>> parted("退出企业68家。", "68家")
    Excerpt(before='退出企业', number='68家', after='。')
    """
    before, found, after = sentence.partition(number)
    return Excerpt(before if found else "", number, after)


def side(text: str, claim: Claim) -> Side:
    """A claim as one side of a proposal."""
    return Side(claim.pk, claim.subject, bounded(claim.bound, claim.value, claim.unit),
                period_words(claim.deadline or claim.period), str(claim.document), excerpt(text, claim),
                links.claim(claim.document_id, claim.number))
