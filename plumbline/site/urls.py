"""Every address of the site. Each module of `plumbline.web` hands over its own in `urls`."""

from plumbline.web import checks, claim, claims, documents, reader, sign

urlpatterns = [
    *sign.urls,
    *documents.urls,
    *reader.urls,
    *claims.urls,
    *claim.urls,
    *checks.urls,
]

handler400 = "plumbline.web.sign.refused"
handler403 = "plumbline.web.sign.forbidden"
handler404 = "plumbline.web.sign.absent"
handler500 = "plumbline.web.sign.broken"
