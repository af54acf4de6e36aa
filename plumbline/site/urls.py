"""Every address of the site. Each module of `plumbline.web` hands over its own in `urls`."""

from plumbline.web import sign

urlpatterns = [
    *sign.urls,
]

handler400 = "plumbline.web.sign.refused"
handler403 = "plumbline.web.sign.forbidden"
handler404 = "plumbline.web.sign.absent"
handler500 = "plumbline.web.sign.broken"
