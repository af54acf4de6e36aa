"""Work in the background: one worker beside the server reads documents, checks deliveries, runs the errands of orders,
counts again what changed.

The queue is their own state, so what was waiting or half done when a worker died is taken up by the next one. Each
is worked on in a process of its own: it can be stopped, and it cannot take the worker along.
`plumbline.site.worker` starts it.
"""

import fcntl
import logging
import multiprocessing
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from typing import TextIO

from django.conf import settings
from django.db import OperationalError, close_old_connections, connections
from django.utils import timezone

from plumbline.engine.decide import tidy_decisions
from plumbline.kernel import BadInput, Conflict, Finding
from plumbline.reports.keep import keep
from plumbline.site.errands import daily, errands_in_turn
from plumbline.site.matching import Matching
from plumbline.site.pushing import telling_in_turn
from plumbline.site.recounting import Recounting
from plumbline.store import batches, declarations, deliveries, documents, registers
from plumbline.store.models import Figure
from plumbline.store.orders import attachments
from plumbline.store.parties import bindings
from plumbline.web.delivery_work import work

PAUSE_SECONDS = 0.5
LONGEST_SECONDS, LONGEST_DELIVERY, LONGEST_WAIT_DAYS = 180, 1800, 14
# cuts of registers that no figure rests on are kept so long
CUT_DAYS = 30
MOST_MEMORY = 3 * 1024**3
CRASHED = "读取过程意外中断，没有读出内容。请点“重新读取”，或把文件另存为 docx 或 txt 后再上传。"
DELIVERY_CRASHED = "处理过程意外中断，没有收下任何内容。请重新上传；如反复出现，请改交 csv，或把文件告诉管理员。"
DELIVERY_TOO_LONG = f"处理超过 {LONGEST_DELIVERY // 60} 分钟仍未完成，已停止，没有收下任何内容。请按地区或月份拆成几份。"
TOO_LONG = f"读取超过 {LONGEST_SECONDS} 秒仍未完成，已停止。请拆分文件，或另存为 docx 或 txt 后再上传。"

log = logging.getLogger("plumbline.jobs")
recounting, errands, matching, telling = Recounting(), errands_in_turn(), Matching(), telling_in_turn()


def main() -> int:
    """Read whatever waits until the parent is gone; a second worker waits until the first has ended."""
    parent = os.getppid()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    lock = tidied = None
    while os.getppid() == parent:
        lock = lock or only_one()
        today = timezone.localdate()
        if lock and tidied != today and done(tidy_up):
            tidied = today
        if not (lock and tidied and done(take_up)):
            time.sleep(PAUSE_SECONDS)
    return 0


def tidy_up() -> bool:
    """At the start and once a day: drop what an upload left that was killed half way, what nobody said yes to or counted
    from for long, and personal values whose time has come.
    """
    deliveries.expire(timezone.now() - timedelta(days=LONGEST_WAIT_DAYS))
    registers.thin(timezone.now() - timedelta(days=CUT_DAYS),
                   {name for names in Figure.objects.values_list("inputs", flat=True).distinct() for name in names})
    batches.forget(timezone.localdate(), declarations.catalog().tables)
    daily()
    if dropped := documents.tidy() + deliveries.tidy() + batches.tidy() + attachments.tidy() + bindings.tidy():
        log.warning("%s files nothing rests on are dropped", dropped)
    tidy_decisions(batches.needed())
    return True


def done(work: Callable[[], bool]) -> bool:
    """Do some work; whether there was any. A database that is away for a while is tried again."""
    try:
        return work()
    except OperationalError:
        log.exception("the database does not answer; trying again")
        time.sleep(PAUSE_SECONDS * 10)
        return False


def only_one() -> TextIO | None:
    """The lock of the one worker, or None where another has it.

    A reading process inherits it: one that outlives its worker keeps the next from reading the same document.
    """
    settings.DATA.mkdir(parents=True, exist_ok=True)
    lock = open(settings.DATA / "worker.lock", "w")  # noqa: SIM115  held as long as the process lives
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        return None
    return lock


def take_up() -> bool:
    """Read the documents that wait, work on the deliveries, run the orders' errands, match policies, count again what
    changed; whether there was anything to do.
    """
    close_old_connections()
    waiting, handed_in = documents.unfinished(), deliveries.unfinished()
    for document in waiting:
        read_apart(document)
    for delivery in handed_in:
        deliver_apart(delivery)
    return (errands.take_up() or bool(waiting or handed_in) or matching.take_up() or telling.take_up()
            or recounting.take_up())


def deliver_apart(delivery: int) -> None:
    """Check or receive one delivery in a process of its own; one that a page works on already is left to it."""
    with deliveries.alone(delivery) as free:
        if not free:
            return
    connections.close_all()
    worker = multiprocessing.get_context("fork").Process(target=deliver, args=(delivery,), daemon=True)
    worker.start()
    finish_by = time.monotonic() + LONGEST_DELIVERY
    while worker.is_alive() and time.monotonic() < finish_by and delivery in deliveries.unfinished():
        worker.join(PAUSE_SECONDS)
        errands.take_up()
    late = worker.is_alive() and time.monotonic() >= finish_by
    worker.kill()
    worker.join()
    if worker.exitcode and delivery in deliveries.unfinished():
        log.warning("delivery %s: the process ended with %s", delivery, worker.exitcode)
        deliveries.fail(delivery, [Finding("job.slow", "核对", DELIVERY_TOO_LONG) if late
                                   else Finding("job.crash", "核对", DELIVERY_CRASHED)])


def deliver(delivery: int) -> None:
    """Work on one delivery, in this process."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    whatever_happens(lambda: work(delivery), lambda: deliveries.fail(delivery, [
        Finding("job.error", "核对", DELIVERY_CRASHED)]))


def whatever_happens(job: Callable[[], object], fail: Callable[[], object]) -> None:
    """Do a job; whatever nobody foresaw is logged, and the job has failed."""
    try:
        job()
    except Exception:
        log.exception("a job could not be done")
        fail()


def read_apart(document: int) -> None:
    """Read one document in a process of its own, until it is done, stopped, or takes too long."""
    connections.close_all()
    reader = multiprocessing.get_context("fork").Process(target=read, args=(document,), daemon=True)
    reader.start()
    finish_by = time.monotonic() + LONGEST_SECONDS
    while reader.is_alive() and time.monotonic() < finish_by and wanted(document):
        reader.join(PAUSE_SECONDS)
        errands.take_up()
    late = reader.is_alive() and time.monotonic() >= finish_by
    reader.kill()
    reader.join()
    if wanted(document):
        log.warning("document %s: the reader ended with %s", document, reader.exitcode)
        documents.fail(document, [Finding("job.slow", "读取", TOO_LONG) if late
                                  else Finding("job.crash", "读取", CRASHED)])


def wanted(document: int) -> bool:
    """Whether the document is still to be read: nobody stopped it, and it is neither read nor failed."""
    return document in documents.unfinished()


def read(document: int) -> None:
    """Read one document, in this process; what goes wrong is kept with the document."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    whatever_happens(lambda: kept(document), lambda: documents.fail(document, [Finding("job.error", "读取", CRASHED)]))


def kept(document: int) -> None:
    """Read one document and keep what was read, or why it cannot be."""
    try:
        documents.begin(document)
        keep(document)
    except BadInput as error:
        documents.fail(document, error.findings)
    except Conflict:
        log.info("document %s was stopped while it was read", document)
