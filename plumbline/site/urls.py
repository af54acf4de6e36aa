"""Every address of the site. Each module of `plumbline.web`, and each system's `screens`, hands over its own in `urls`."""

from importlib import import_module

from plumbline.site.settings import CATALOG
from plumbline.web import (
    against,
    checks,
    claim,
    claims,
    cockpit,
    deliver,
    delivery,
    documents,
    draft_choices,
    draft_lines,
    draft_page,
    draft_sent,
    draft_steps,
    draft_versions,
    drafts,
    entries,
    figure,
    figures,
    indicator_form,
    journal,
    keys,
    ledger_form,
    ledger_sentences,
    ledgers,
    people,
    plan,
    questions,
    reader,
    record,
    roll,
    roll_deliver,
    rows,
    sdmx,
    sign,
    tables,
)
from plumbline.web.orders import addresses as order_pages
from plumbline.web.orders import movers, own_pages, suggestions

SCREENS = [import_module(f"plumbline.systems.{system.key}.screens") for system in CATALOG.systems.values()
           if (system.folder / "screens.py").exists()]
for screens in SCREENS:
    suggestions.install(getattr(screens, "suggests", {}), getattr(screens, "classes", {}), getattr(screens, "alarms", {}))
    movers.install(getattr(screens, "moves", {}), getattr(screens, "moves_many", {}))
    own_pages.install(getattr(screens, "pages", {}), getattr(screens, "begun", {}))

urlpatterns = [
    *sign.urls,
    *cockpit.urls,
    *documents.urls,
    *reader.urls,
    *claims.urls,
    *claim.urls,
    *checks.urls,
    *against.urls,
    *plan.urls,
    *journal.urls,
    *people.urls,
    *keys.urls,
    *drafts.urls,
    *draft_page.urls,
    *draft_lines.urls,
    *draft_choices.urls,
    *draft_steps.urls,
    *draft_versions.urls,
    *draft_sent.urls,
    *questions.urls,
    *figures.urls,
    *figure.urls,
    *tables.urls,
    *ledger_form.urls,
    *indicator_form.urls,
    *ledger_sentences.urls,
    *ledgers.urls,
    *rows.urls,
    *record.urls,
    *roll.urls,
    *roll_deliver.urls,
    *entries.urls,
    *deliver.urls,
    *delivery.urls,
    *sdmx.urls,
    *order_pages.urls,
    *(address for screens in SCREENS for address in screens.urls),
]

handler400 = "plumbline.web.sign.refused"
handler403 = "plumbline.web.sign.forbidden"
handler404 = "plumbline.web.sign.absent"
handler500 = "plumbline.web.sign.broken"
