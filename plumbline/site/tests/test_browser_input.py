"""Files that cannot be read, handed in through the page: each with a clear word, and nothing kept."""

import http.client
import io
import socket
import zipfile

import pytest
from playwright.sync_api import expect

from plumbline.site.tests.conftest import EXAMPLE, PATIENCE_SECONDS, hand_in, until

pytestmark = pytest.mark.slow
MEGABYTE = 1024 * 1024


def bomb() -> bytes:
    """A docx of a few kilobytes that unpacks to hundreds of megabytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("[Content_Types].xml", "<Types/>")
        with box.open("word/document.xml", "w", force_zip64=True) as part:
            for _ in range(300):
                part.write(b" " * MEGABYTE)
    return packed.getvalue()


def box() -> bytes:
    """A zip that only calls itself docx."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("readme.txt", "hello")
    return packed.getvalue()


# a page that draws nothing but a picture
PICTURE = b"""%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 200]/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>>>endobj
4 0 obj<</Length 30>>stream
q 200 0 0 200 0 0 cm /I Do Q
endstream endobj
5 0 obj<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream
\x00
endstream endobj
trailer<</Root 1 0 R>>
%%EOF"""
BAD = {
    "空文件.txt": (b"", "空"),
    "图片.pdf": (PICTURE, ""),
    "压缩包.docx": (box(), "docx"),
    "炸弹.docx": (bomb(), ""),
    "截断.pdf": (PICTURE[:300], ""),
    "english.txt": (b"The plan was carried out well in the first half of 2020. " * 40, "中文"),
    "图像.png": (b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20, ""),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_file_is_refused_beside_the_form_and_nothing_is_kept(visit, site, name):
    data, word = BAD[name]
    page = visit("yunxi", expected=(400,))
    before = site.everything()
    hand_in(page, {"name": name, "mimeType": "application/octet-stream", "buffer": data})
    said = page.locator("#upload-said .alert-danger")
    expect(said).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    expect(said).to_contain_text(name)
    expect(said).to_contain_text(word)
    assert any("\u4e00" <= letter <= "\u9fff" for letter in said.locator("li").first.inner_text())
    assert site.everything() == before


def test_large_file_is_refused_by_the_page_before_it_is_sent(visit, site):
    page = visit("yunxi")
    before = site.everything()
    page.goto("/documents/")
    page.evaluate("""() => {
      const box = new DataTransfer();
      box.items.add(new File([new Uint8Array(52428800)], "五十兆.txt"));
      const field = document.getElementById("file");
      field.files = box.files;
      field.dispatchEvent(new Event("change"));
    }""")
    expect(page.locator("#upload-said .alert-danger")).to_contain_text("20 MB")
    assert site.everything() == before


def test_large_file_is_refused_by_the_server_before_it_is_read(visit, site):
    cookies, token = held(visit("yunxi"))
    before = site.everything()
    link = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
    link.putrequest("POST", "/documents.json")
    for head, value in (("Cookie", cookies), ("X-CSRFToken", token), ("Content-Length", str(50 * MEGABYTE)),
                        ("Content-Type", "multipart/form-data; boundary=x")):
        link.putheader(head, value)
    link.endheaders()
    answer = link.getresponse()  # not one byte of the file was sent
    assert answer.status == 413
    assert "20 MB" in answer.read().decode()
    link.close()
    assert site.everything() == before


def test_upload_cut_off_half_way_leaves_nothing(visit, site):
    cookies, token = held(visit("yunxi"))
    before = site.everything()
    text = EXAMPLE.read_bytes()
    body = (b'--x\r\nContent-Disposition: form-data; name="file"; filename="half.txt"\r\n'
            b"Content-Type: text/plain\r\n\r\n" + text + b"\r\n--x--\r\n")
    head = (f"POST /documents.json HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\nX-CSRFToken: {token}\r\n"
            f"Content-Type: multipart/form-data; boundary=x\r\nContent-Length: {len(body)}\r\n\r\n")
    for most in (1, 300, len(body) // 2, len(body) - 1):
        with socket.create_connection(("127.0.0.1", site.port), timeout=30) as link:
            link.sendall(head.encode() + body[:most])
            link.shutdown(socket.SHUT_WR)
            while link.recv(65536):
                pass
    until(site.answers, "the server still answers")
    assert site.everything() == before


def test_form_without_a_file_says_so(visit, site):
    page = visit("yunxi")
    page.goto("/documents/")
    page.get_by_role("button", name="上传").click()
    expect(page.locator("#upload-said")).to_contain_text("没有选择文件")


def test_bad_file_is_refused_without_scripts_too(chromium, site, visit):
    page = visit("yunxi", expected=(400,))
    with_cookies = page.context.storage_state()
    context = chromium.new_context(java_script_enabled=False, storage_state=with_cookies, base_url=site.address)
    plain = context.new_page()
    plain.goto("/documents/")
    plain.locator("#file").set_input_files({"name": "空.txt", "mimeType": "text/plain", "buffer": b""})
    plain.get_by_role("button", name="上传").click()
    expect(plain.locator("#upload-said")).to_contain_text("空")
    context.close()


def test_number_of_400_digits_is_told_and_the_rest_is_read(visit, site):
    page = visit("yunxi")
    text = "关于示例市云溪区2025年工作的报告\n\n一、主要工作\n新建学校12所，完成投资" + "9" * 400 + "元，新增就业300人。\n"
    hand_in(page, {"name": "长数.txt", "mimeType": "text/plain", "buffer": text.encode()})
    row = page.locator("#list tbody tr", has_text="长数.txt")
    expect(row.get_by_text("已读取")).to_be_visible(timeout=PATIENCE_SECONDS * 1000)
    row.get_by_role("link").first.click()
    expect(page.locator(".reader-middle [role=status]")).to_contain_text("400位")
    assert {"12所", "300人"} <= set(page.locator("a.c").all_inner_texts())


def test_report_without_numbers_is_refused(visit, site):
    page = visit("yunxi", expected=(400,))
    before = site.everything()
    text = "关于示例市云溪区工作的报告\n\n一、主要工作\n各项工作有序推进，成效明显，群众满意。\n"
    hand_in(page, {"name": "无数.txt", "mimeType": "text/plain", "buffer": text.encode()})
    expect(page.locator("#upload-said")).to_contain_text("没有读到带数字的指标")
    expect(page.locator("#upload-said")).to_contain_text("没有保存")
    assert site.everything() == before


def held(page) -> tuple[str, str]:
    """The cookies a signed-in browser holds, and its token."""
    cookies = {cookie["name"]: cookie["value"] for cookie in page.context.cookies()}
    return "; ".join(f"{name}={value}" for name, value in cookies.items()), cookies["csrftoken"]
