"""Every address of the site. Each module of `plumbline.web`, and each system's `screens`, hands over its own in `urls`."""

from importlib import import_module

from django.conf import settings

from plumbline.web import checks, claim, claims, cockpit, documents, journal, people, plan, reader, sign

urlpatterns = [
    *sign.urls,
    *cockpit.urls,
    *documents.urls,
    *reader.urls,
    *claims.urls,
    *claim.urls,
    *checks.urls,
    *plan.urls,
    *journal.urls,
    *people.urls,
    *(address for system in settings.CATALOG.systems.values() if (system.folder / "screens.py").exists()
      for address in import_module(f"plumbline.systems.{system.key}.screens").urls),
]

handler400 = "plumbline.web.sign.refused"
handler403 = "plumbline.web.sign.forbidden"
handler404 = "plumbline.web.sign.absent"
handler500 = "plumbline.web.sign.broken"
