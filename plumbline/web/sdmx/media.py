"""The form of an answer: by `format=`, or by the Accept header."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.http import HttpRequest

from plumbline.web.sdmx.faults import Fault

SDMX = "application/vnd.sdmx."


@dataclass(frozen=True, slots=True)
class Form:
    """A form of answers: what it is called in `format=`, its media type and version, how it is saved."""

    key: str
    type: str
    version: str
    ending: str

    @property
    def media(self) -> str:
        """The media type of the answer."""
        return f"{self.type}; version={self.version}" + ("; charset=utf-8" if self.ending != "json" else "")


DATA = (
    Form("genericdata", f"{SDMX}genericdata+xml", "2.1", "xml"),
    Form("structurespecificdata", f"{SDMX}structurespecificdata+xml", "2.1", "xml"),
    Form("jsondata", f"{SDMX}data+json", "1.0.0", "json"),
    Form("jsondata2", f"{SDMX}data+json", "2.0.0", "json"),
    Form("csv", f"{SDMX}data+csv", "1.0.0", "csv"),
    Form("csv2", f"{SDMX}data+csv", "2.0.0", "csv"),
)
STRUCTURE = (
    Form("structure", f"{SDMX}structure+xml", "2.1", "xml"),
    Form("jsonstructure", f"{SDMX}structure+json", "2.0.0", "json"),
)
# other names of a form: what clients and people write
ALSO = {
    "xml": ("genericdata", "structure"), "json": ("jsondata2", "jsonstructure"), "csvfile": ("csv",),
    "application/xml": ("genericdata", "structure"), "text/xml": ("genericdata", "structure"),
    "application/json": ("jsondata2", "jsonstructure"), "text/json": ("jsondata2", "jsonstructure"), "text/csv": ("csv",),
    "generic": ("genericdata",), f"{SDMX}generic+xml": ("genericdata",), f"{SDMX}generictimeseriesdata+xml": ("genericdata",),
    f"{SDMX}structurespecifictimeseriesdata+xml": ("structurespecificdata",), f"{SDMX}schema+json": ("jsonstructure",),
    "*/*": ("genericdata", "structure"), "application/*": ("genericdata", "structure"), "text/*": ("csv", "structure"),
}


def form_of(request: HttpRequest, forms: tuple[Form, ...]) -> Form:
    """The form an answer is wanted in; the first where nothing is said.

    Raises  Fault (406) where none of those wanted can be had
    """
    told = request.GET.get("format", "").strip() or request.headers.get("Accept", "").strip() or "*/*"
    for wanted in _ranked(told.replace("format=", "")):
        if found := _match(wanted, forms):
            return found
    names = "、".join(f"{one.key}（{one.type};version={one.version}）" for one in forms)
    raise Fault(406, f"不能以「{told[:100]}」的形式答复；可用：{names}。",
                f"Cannot answer as {told[:100]!r}; one of {', '.join(one.key for one in forms)}.")


def _ranked(told: str) -> Iterator[str]:
    """The media types of an Accept header, the most wanted first."""
    weighed = []
    for at, part in enumerate(told.split(",")):
        name, *rest = (piece.strip().lower() for piece in part.split(";"))
        values = dict(piece.split("=", 1) for piece in rest if "=" in piece)
        try:
            weight = float(values.pop("q", "1"))
        except ValueError:
            weight = 0.0
        version = values.get("version", "").strip('"')
        if weight > 0:
            weighed.append((-weight, at, f"{name};version={version}" if version else name))
    return (name for _, _, name in sorted(weighed))


def _match(wanted: str, forms: tuple[Form, ...]) -> Form | None:
    name, _, version = wanted.partition(";version=")
    keys = ALSO.get(name, (name,))
    of_type = [one for one in forms if one.type == name or one.key in keys]
    exact = [one for one in of_type if not version or one.version.removesuffix(".0") == version.removesuffix(".0")]
    return exact[0] if exact else None


def language_of(request: HttpRequest) -> str:
    """`en` where the asker wants English before Chinese, else `zh`."""
    for wanted in _ranked(request.headers.get("Accept-Language", "").strip() or "zh"):
        if wanted[:2] in ("zh", "en"):
            return wanted[:2]
    return "zh"
