"""Papers are told by their bytes, photographs drawn anew, bombs refused in bounded memory; nothing is kept half."""

import fcntl
import io
import os
import signal
import struct
import time
import zipfile
import zlib

import pytest
from django.db import connections
from PIL import Image

from plumbline.kernel import BadInput, Conflict, NotAllowed
from plumbline.store import folders, orders
from plumbline.store.journal import Entry, verify
from plumbline.store.models import Attachment
from plumbline.store.orders import attachments, papers
from plumbline.store.orders.tests.made import CATALOG, at
from plumbline.store.tests.made import everything, refused

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n"
SECRET = b"SECRET-PLACE"
ORIENTATION, MAKER, GPS = 0x0112, 0x010F, 0x8825


@pytest.fixture(autouse=True)
def no_script(monkeypatch, request):
    """Photographs cost a process each; where a test is not about them, none is begun."""
    if "photo" not in request.node.name:
        monkeypatch.setattr(papers, "_drawn", lambda *_: pytest.fail("no photograph here"))


def attached(user, order, name="说明.pdf", data=PDF, public=False, code=""):
    return orders.attach(user, order.pk, name, data, public, code=code, catalog=CATALOG, now=at(12))


def photo(form="JPEG", size=(60, 40), **more):
    """A photograph that says where it was taken, and holds something behind its end."""
    exif = Image.Exif()
    exif[MAKER], exif[ORIENTATION] = SECRET.decode(), 6
    exif.get_ifd(GPS).update({1: "N", 2: (39.0, 54.0, 0.0), 29: SECRET.decode()})
    made = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(made, form, exif=exif.tobytes(), **more)
    return made.getvalue() + SECRET


def office_file(part, ending=b""):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr(part, b"<x/>" + ending)
    return made.getvalue()


def png_of(width, height, rows=b""):
    """The bytes of a PNG that says it is so large, whatever is in it."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def files(data):
    folder = data / "attachments"
    return {path.name for path in folder.iterdir()} - {".lock"} if folder.exists() else set()



@pytest.mark.parametrize(("name", "data", "kept", "type_"), [
    ("C:\\x\\说明.PDF", PDF, "说明.pdf", "application/pdf"), ("记录.txt", "记录".encode("gb18030"), "记录.txt", "text/plain"),
    ("a.docx", office_file("word/document.xml"), "a.docx", papers.ENDINGS["docx"][1]),
    ("a.xlsx", office_file("xl/workbook.xml"), "a.xlsx", papers.ENDINGS["xlsx"][1]),
    ("../../<script>.pdf", PDF, "_script_.pdf", "application/pdf"), ("长" * 300 + ".pdf", PDF, "长" * 100 + ".pdf",
                                                                  "application/pdf")])
def test_papers_are_kept_as_they_came_under_a_harmless_name(cast, order, name, data, kept, type_):
    one = attached(cast["holder"], order, name, data)
    assert (one.name, one.type, one.size, one.public, one.by) == (kept, type_, len(data), False, cast["holder"])
    assert orders.path_of(one).read_bytes() == data
    entry = Entry.objects.order_by("-seq")[0]
    assert (entry.action, entry.who, entry.after["sha256"], entry.after["order"]) == (
        "order.attach", "holder", one.sha256, order.number)
    assert verify().broken is None


def test_what_a_file_is_its_bytes_say_not_its_name(cast, order):
    program, bomb = b"MZ\x90\x00" + b"\x00" * 60, io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.txt", b"\x00" * 10_000_000)
    wrong = [("a.pdf", program), ("a.txt", program), ("a.docx", bomb.getvalue()), ("a.zip", bomb.getvalue()),
             ("a.docx", office_file("xl/workbook.xml")), ("a.html", b"<script>"), ("a.svg", b"<svg/>"), ("a", PDF),
             ("a.jpg", PDF), ("a.txt", PDF), ("a.gif", b"GIF89a"), ("a.mp4", b"\x00\x00\x00\x18ftypmp42"), ("a.pdf", b""),
             ("a.txt", b"\xff\xfe\x00"), ("a.exe", b"text")]
    before = everything()
    for name, data in wrong:
        with pytest.raises(BadInput):
            attached(cast["holder"], order, name, data)
    assert everything() == before


def test_an_office_file_that_swells_is_kept_as_it_came_and_never_unpacked(cast, order, data):
    swollen = io.BytesIO()
    with zipfile.ZipFile(swollen, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", b"\x00" * 50_000_000)
    begun = time.process_time()
    one = attached(cast["holder"], order, "a.docx", swollen.getvalue())
    assert time.process_time() - begun < 1
    assert (one.size, files(data)) == (len(swollen.getvalue()), {one.sha256})
    assert one.size < 200_000


def test_ten_megabytes_and_not_a_byte_more_is_read(cast, order):
    class Endless(io.RawIOBase):
        asked = 0

        def read(self, size=-1):
            Endless.asked = size
            return b"a" * size

    assert attached(cast["holder"], order, "a.txt", b"a" * papers.LIMIT).size == papers.LIMIT == 10 * 1024 ** 2
    for given in (Endless(), b"a" * (papers.LIMIT + 1), io.BytesIO(b"a" * (papers.LIMIT + 1))):
        with refused(BadInput) as raised:
            attached(cast["holder"], order, "a.txt", given)
        assert "超过 10 MB" in raised.value.findings[0].message
    assert Endless.asked == papers.LIMIT + 1


def test_nine_of_officials_and_nine_of_the_person_who_asked(cast, order, data):
    for number in range(9):
        attached(cast["holder"], order, data=PDF + bytes([number]))
    for who, code in (("holder", ""), ("operator", "")):
        with refused(BadInput):
            attached(cast[who], order, data=PDF + b"one more", code=code)
    for number in range(9):
        attached(None, order, data=PDF + bytes([number]), code=order.code)
    with refused(BadInput):
        attached(None, order, data=PDF + b"one more", code=order.code)
    assert attached(cast["holder"], order, data=PDF + bytes([0])).pk == Attachment.objects.order_by("pk")[0].pk
    assert (Attachment.objects.count(), len(files(data))) == (18, 9)


def test_the_same_bytes_twice_are_kept_once(cast, order, data):
    first = attached(cast["holder"], order)
    seq = Entry.objects.count()
    assert attached(cast["holder"], order, "另一个名字.pdf") == first
    assert (Entry.objects.count(), Attachment.objects.count()) == (seq, 1)
    attached(cast["operator"], order)
    assert (Attachment.objects.count(), files(data)) == (2, {first.sha256})


def test_those_an_order_does_not_concern_lay_nothing_with_it_and_see_nothing(cast, order, data):
    one = attached(cast["holder"], order, public=True)
    kept = files(data)
    said = set()
    for who in ("second", "stranger", "deputy"):
        for wrong in (lambda who=who: attached(cast[who], order, data=PDF + b"x"),
                      lambda who=who: orders.attach(cast[who], 10 ** 9, "a.pdf", PDF, catalog=CATALOG, now=at(12)),
                      lambda who=who: attached(cast[who], order, data=PDF + b"x", code=order.code)):
            with refused(NotAllowed) as raised:
                wrong()
            said.add(str(raised.value))
        for number in (one.pk, 10 ** 9):
            with refused(NotAllowed) as raised:
                orders.opened(cast[who], number)
            assert str(raised.value) == attachments.NO_PAPER
    assert (said, files(data)) == ({orders.ABSENT}, kept)


def test_a_file_of_others_is_not_even_read(cast, order):
    class Unread(io.RawIOBase):
        def read(self, size=-1):
            pytest.fail("read before anybody asked who hands it in")

    with refused(NotAllowed):
        attached(cast["second"], order, data=Unread())


def test_who_sees_the_order_opens_its_papers_and_its_asker_the_public_ones(cast, order):
    inner, public = attached(cast["holder"], order), attached(cast["holder"], order, data=PDF + b"x", public=True)
    own = attached(None, order, data=PDF + b"y", code=order.code)
    for who in ("holder", "operator", "leader"):
        for one in (inner, public, own):
            assert orders.opened(cast[who], one.pk)[1].read_bytes() == orders.path_of(one).read_bytes()
    assert [orders.opened(None, one.pk, code=order.code)[0] for one in (public, own)] == [public, own]
    assert own.public
    said = set()
    for number, code in ((inner.pk, order.code), (public.pk, ""), (public.pk, "0" * 12), (10 ** 9, order.code), (own.pk, "")):
        with refused(NotAllowed) as raised:
            orders.opened(None, number, code=code)
        said.add(str(raised.value))
    assert said == {attachments.NO_PAPER}


def test_the_person_who_asked_adds_nothing_to_what_is_over(cast, order, data):
    orders.move(None, order.pk, "withdraw", {}, order.version, as_asker_code=order.code, catalog=CATALOG, now=at(12))
    with refused(BadInput):
        attached(None, order, code=order.code)
    assert files(data) == set()


def test_a_photo_is_drawn_anew_without_where_it_was_taken(cast, order, data):
    for form, name in (("JPEG", "a.jpg"), ("PNG", "b.png"), ("WEBP", "c.webp")):
        given = photo(form)
        assert SECRET in given
        one = attached(cast["holder"], order, name, given)
        drawn = orders.path_of(one).read_bytes()
        assert SECRET not in drawn
        with Image.open(io.BytesIO(drawn)) as image:
            assert (dict(image.getexif()), image.info.get("exif"), image.size) == ({}, None, (40, 60))
            assert all(abs(a - b) < 8 for a, b in zip(image.convert("RGB").getpixel((20, 30)), (200, 30, 30), strict=True))
        assert (one.name, one.type) == {"a.jpg": ("a.jpg", "image/jpeg"), "b.png": ("b.png", "image/png"),
                                        "c.webp": ("c.jpg", "image/jpeg")}[name]
    assert len(files(data)) == 3


def test_a_photo_keeps_no_words_of_its_maker_nor_a_small_picture_of_what_was_cut_away(cast, order):
    profile = {"icc_profile": SECRET * 9}
    for form, more in (("JPEG", {"comment": SECRET}), ("JPEG", profile), ("PNG", profile)):
        one = attached(cast["holder"], order, "a.png" if form == "PNG" else "a.jpg", photo(form, (61, 41), **more))
        drawn = orders.path_of(one).read_bytes()
        assert [word for word in (SECRET, b"iCCP", b"ICC_PROFILE") if word in drawn] == []


def test_photo_bombs_are_refused(cast, order, data):
    zeros = zlib.compress(b"\x00" * 20_000_000, 9)
    bombs = {"pixels": png_of(60_000, 60_000, zeros), "edge": png_of(5001, 5000, zeros), "long": png_of(2 ** 31 - 1, 1, zeros),
             "nothing": png_of(0, 0), "cut": photo()[:200], "noise": b"\xff\xd8\xff" + os.urandom(500),
             "webp": b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 40, "empty": png_of(4000, 4000)}
    begun = time.monotonic()
    for data_ in bombs.values():
        with refused(BadInput) as raised:
            attached(cast["holder"], order, "a.jpg", data_)
        assert raised.value.findings[0].where == "附件"
    assert time.monotonic() - begun < 60
    assert files(data) == set()


def measured(data, form):
    """What drawing a photograph answered, and the most memory it held, in MB."""
    script = (f"import runpy, sys; sys.argv = ['x', {form!r}]; code = 0\n"
              f"try: runpy.run_path({str(papers.SCRIPT)!r}, run_name='__main__')\n"
              "except SystemExit as done: code = done.code\n"
              "held = [line for line in open('/proc/self/status') if line.startswith('VmHWM')][0]\n"
              "print(held.split()[1], file=sys.stderr); sys.exit(code)")
    done = papers.subprocess.run([papers.sys.executable, "-I", "-c", script], input=data, capture_output=True, check=False)
    return done.returncode, int(done.stderr.split()[-1]) / 1024


@pytest.mark.slow
def test_a_photo_is_drawn_in_bounded_memory():
    large = io.BytesIO()
    Image.new("L", (8000, 7000)).save(large, "JPEG")
    whole = png_of(5000, 5000, zlib.compress(b"\x00" * 5000 * 5001))
    tail = png_of(10, 10, zlib.compress(b"\x00" * 110) + zlib.compress(b"\x00" * 60_000_000, 1))
    texts = whole[:33] + b"".join(
        struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
        for body in [b"k%d\x00\x00" % n + zlib.compress(b"a" * 25_000_000) for n in range(10)]) + whole[33:]
    for form, data, answers in (("JPEG", large.getvalue(), {0}), ("PNG", whole, {0}), ("PNG", tail, {0, 3}),
                                ("PNG", texts, {0, 3, 4})):
        answer, held = measured(data, form)
        assert answer in answers
        assert held < 260, held


def test_a_photo_that_takes_too_long_is_given_up(cast, order, monkeypatch, tmp_path):
    endless = tmp_path / "endless.py"
    endless.write_text("import signal; signal.pause()")
    monkeypatch.setattr(papers, "SCRIPT", endless)
    monkeypatch.setattr(papers, "SECONDS", 0.3)
    with refused(BadInput) as raised:
        attached(cast["holder"], order, "a.jpg", photo())
    assert "处理不了" in raised.value.findings[0].message


def test_only_loose_files_are_dropped(cast, order, data):
    one = attached(cast["holder"], order)
    for name in ("0" * 64, f".{'1' * 64}.part"):
        (data / "attachments" / name).write_bytes(b"x")
    assert (attachments.tidy(), attachments.tidy()) == (2, 0)
    assert files(data) == {one.sha256}
    assert orders.opened(cast["holder"], one.pk)


def test_papers_are_held_till_what_is_done_with_them_is_kept_too(cast, order, data):
    def overtaken():
        with orders.attaching(cast["holder"], order.pk, [("a.pdf", PDF), ("b.pdf", PDF + b"x")], catalog=CATALOG, now=at(12)):
            with open(data / "attachments" / ".lock") as lock, pytest.raises(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            assert Attachment.objects.count() == 2
            raise Conflict("somebody was quicker")

    with pytest.raises(Conflict):
        overtaken()
    assert (Attachment.objects.count(), Entry.objects.filter(action="order.attach").count()) == (0, 0)
    assert (attachments.tidy(), files(data)) == (2, set())


def test_where_nothing_was_ever_laid_nothing_is_dropped(data):
    assert attachments.tidy() == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("where", [(folders.os, "fsync"), (attachments, "Attachment"), (attachments, "record")])
def test_killed_half_way_no_row_is_without_its_file(cast, order, data, monkeypatch, where):
    connections.close_all()
    child = os.fork()
    if not child:
        monkeypatch.setattr(*where, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
        attached(cast["holder"], order)
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
    assert (Attachment.objects.count(), len(files(data)), attachments.tidy()) == (0, 1, 1)
    one = attached(cast["holder"], order)
    assert (attachments.tidy(), files(data)) == (0, {one.sha256})
    assert verify().broken is None
