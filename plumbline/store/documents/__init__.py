"""Documents: received, read, published, removed; and what people decide about their claims."""

from plumbline.store.documents.claims import confirm, correct, set_aside
from plumbline.store.documents.files import bytes_of, tidy
from plumbline.store.documents.keeping import Across, Found, keep, recheck
from plumbline.store.documents.receiving import (
    advance,
    again,
    begin,
    fail,
    publish,
    receive,
    remove,
    stop,
    unfinished,
)
from plumbline.store.documents.tables import Check, Claim, Document

__all__ = [
    "Across", "Check", "Claim", "Document", "Found", "advance", "again", "begin", "bytes_of", "confirm", "correct",
    "fail", "keep", "publish", "receive", "recheck", "remove", "set_aside", "stop", "tidy", "unfinished",
]
