"""Pdf: a Word document as LibreOffice prints it, where LibreOffice is installed."""

import shutil
import subprocess
import tempfile
from pathlib import Path

from plumbline.kernel import BadInput, Finding, Paper, SourceDown
from plumbline.reports.export.word import docx

PROGRAMS = ("soffice", "libreoffice")
LONGEST_SECONDS = 60
ABSENT = "这台服务器没有安装 LibreOffice，不能导出 pdf；请导出 docx 后自行另存为 pdf，或请管理员安装 LibreOffice。"
SLOW = f"LibreOffice 在 {LONGEST_SECONDS} 秒内没有完成转换；请稍后重试，或改为导出 docx。"


def pdf(paper: Paper) -> bytes:
    """A paper as pdf, in the layout of its Word document.

    Raises  BadInput where LibreOffice is not installed, or a number printed is not the one it stands for;
            SourceDown where LibreOffice does not answer
    """
    program = next((found for name in PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise BadInput([Finding("export.pdf", "导出", ABSENT)])
    return converted(program, docx(paper))


def converted(program: str, data: bytes) -> bytes:
    """A Word document as pdf; every conversion has a profile of its own, so that two may run at once."""
    with tempfile.TemporaryDirectory(prefix="plumbline-pdf-") as name:
        folder = Path(name)
        (folder / "report.docx").write_bytes(data)
        command = [program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--nologo", "--norestore",
                   "--nodefault", "--convert-to", "pdf:writer_pdf_Export", "--outdir", str(folder), str(folder / "report.docx")]
        try:
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=LONGEST_SECONDS, check=False)
        except subprocess.TimeoutExpired as late:
            raise SourceDown(SLOW) from late
        made = folder / "report.pdf"
        if not made.exists():
            told = done.stderr.decode(errors="replace")[:200]
            raise SourceDown(f"LibreOffice 没有做出 pdf（{told}）；请稍后重试，或改为导出 docx。")
        return made.read_bytes()
