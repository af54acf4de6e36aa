"""Words and marks the templates use."""

from typing import Any

from django import template
from django.urls import reverse

from plumbline.kernel import area_name
from plumbline.kernel.label import label
from plumbline.web import words
from plumbline.web.firms import is_firm
from plumbline.web.orders.rows import orders_first, reads_orders
from plumbline.web.questions import waiting
from plumbline.web.templatetags.systems import menu, offered

register = template.Library()
register.filter("period", words.period_words)
register.filter("amount", words.amount)

PLACES = (
    ("cockpit", "驾驶舱"), ("documents", "文件"), ("plan", "计划"), ("orders", "工单"), ("tables", "记录"), ("ledgers", "台账"),
    ("figures", "数值"), ("reports", "报告"), ("checks", "核对"), ("journal", "日志"), ("people", "人员"),
)
# where systems' own entries stand
BEFORE = "tables"
# pages that belong to an entry, though their addresses do not begin with its own
BELOW = {"reports": ("drafts", "questions"), "orders": ("notices", "webhooks")}
# entries whose tabs lead to pages of systems
LED = ("plan", "orders")


@register.simple_tag(takes_context=True)
def navigation(context: dict[str, Any]) -> list[dict[str, Any]]:
    """Entries of the main navigation: label, address, and whether we are there."""
    here, user = context["request"].path, context["request"].user
    if is_firm(user):
        return [{"label": said, "address": reverse(name), "current": here == reverse(name), "waiting": 0}
                for name, said in offered(user, "firm")]
    entries, own = [], menu(user)
    at = [name for name, _ in PLACES].index(BEFORE)
    for name, words_of_it in (*PLACES[:at], *own, *PLACES[at:]):
        if name == "orders" and not reads_orders(user):
            continue
        address = reverse(name)
        led_to = reverse(orders_first(user)) if name == "orders" else address
        below = (address, *(reverse(other) for other in BELOW.get(name, ())), *folders(user, name))
        entries.append({"label": words_of_it, "address": led_to, "current": here.startswith(below),
                        "waiting": waiting(user) if name == "reports" else 0})
    return entries


def folders(user: Any, name: str) -> set[str]:
    """Where the pages lie that systems add to an entry's own: /hotline/desk/ says /hotline/."""
    return {f"/{reverse(other).split('/')[1]}/" for other, _ in offered(user, name)} if name in LED else set()


@register.filter
def area(code: str) -> str:
    """Name of an area: 通州区 for 110112."""
    return area_name(code) if code else "未定"


@register.filter
def word(key: str, group: str) -> str:
    """The Chinese word for a kernel key: `{{ claim.measure|word:"measure" }}`."""
    return label(group, str(key))
