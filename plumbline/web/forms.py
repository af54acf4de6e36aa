"""What people typed, ticked and chose, in the values the store takes; what cannot be read is refused in Chinese."""

from datetime import date

from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse

from plumbline.kernel import BadInput, Conflict, Finding
from plumbline.web.listing import day
from plumbline.web.screen import form_of


def typed_in(request: HttpRequest, names: tuple[str, ...]) -> dict[str, str]:
    """The fields of a form that were sent."""
    return {name: request.POST[name].strip() for name in names if name in request.POST}


def changed(stands: dict[str, str], typed: dict[str, str]) -> dict[str, object]:
    """What a person changed of what stands."""
    made: dict[str, object] = {name: text for name, text in typed.items() if text != stands[name]}
    if "due_on" in made:
        made["due_on"] = when(typed["due_on"])
    if "office" in made:
        made["office"] = office_key(typed["office"])
    return made


def when(text: str) -> date | None:
    """The day a person typed; none where the field was emptied."""
    if not text:
        return None
    if (found := day(text)) is None:
        raise BadInput([Finding("form.day", "时限", f"「{text[:30]}」不是日期；请写作 2020-12-31。")])
    return found


def whole(text: str) -> int | None:
    """A number of a row, None for anything else."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def office_key(text: str) -> int | None:
    """The office a person chose; none where nothing was chosen."""
    if text and whole(text) is None:
        raise BadInput([Finding("form.office", "责任单位", "请从下拉框中选择责任单位。")])
    return whole(text)


def version(request: HttpRequest) -> int:
    """The version a form was filled in on; one that cannot be is a version nobody has."""
    found = whole(request.POST.get("version", ""))
    return -1 if found is None else found


def ticked(request: HttpRequest) -> list[int]:
    """The rows a person ticked, each once; refuses what somebody made up."""
    asked = request.POST if request.method == "POST" else request.GET
    found = [whole(text) for text in asked.getlist("id")]
    if None in found:
        raise BadInput([Finding("form.choice", "选择", "选择的内容无法识别；请返回列表重新勾选。")])
    return list(dict.fromkeys(key for key in found if key is not None))


def told(error: Exception | None) -> tuple[str, list[Finding]]:
    """Why a change was not saved: in a sentence where somebody was quicker, else finding by finding."""
    return str(error) if isinstance(error, Conflict) else "", list(error.findings) if isinstance(error, BadInput) else []


def status_of(error: Exception) -> int:
    """The HTTP status of a page whose change was not saved."""
    return 409 if isinstance(error, Conflict) else 400


def onward(request: HttpRequest, name: str, *arguments: object) -> HttpResponseRedirect:
    """To the page that shows what was done; to its `.json` where the form was sent to one."""
    return HttpResponseRedirect(reverse(f"{name}-json" if form_of(request) == "json" else name, args=arguments))
