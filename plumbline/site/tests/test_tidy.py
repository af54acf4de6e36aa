"""What an upload that was killed half way left behind."""

import pytest

from plumbline.site import jobs
from plumbline.store import documents
from plumbline.store.tests import made


@pytest.mark.django_db
def test_files_no_document_rests_on_are_dropped_before_the_worker_reads(data):
    document = made.document(made.user())
    for name in ("0" * 64, f".{'1' * 64}.part"):
        (data / "files" / name).write_bytes(b"x")
    assert jobs.tidy_up()
    assert {path.name for path in (data / "files").iterdir()} == {".lock", document.sha256}
    assert documents.bytes_of(document)
