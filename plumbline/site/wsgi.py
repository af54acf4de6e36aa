"""The door a WSGI server enters by."""

import os
from collections.abc import Callable, Iterable
from typing import Any

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plumbline.site.settings")


class WholeBody:
    """What a request sends, to the last byte it promised; OSError where the sender broke off before.

    Servers hand over what came, and Django takes half a file for a file.
    """

    def __init__(self, body: Any, length: int):
        self.body, self.missing = body, length

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; all that is left where no size is given."""
        data = self.body.read(size) if size >= 0 else self.body.read()
        return self._told(data, wanted=size != 0 and (size < 0 or not data))

    def readline(self, size: int = -1) -> bytes:
        """The next line, at most `size` bytes of it."""
        data = self.body.readline(size) if size >= 0 else self.body.readline()
        return self._told(data, wanted=size != 0 and not data)

    def _told(self, data: bytes, wanted: bool) -> bytes:
        """The bytes, counted; `wanted` where whoever asked takes them for the last there are."""
        self.missing -= len(data)
        if wanted and self.missing > 0:
            raise OSError("the request broke off before its end")
        return data


def whole(application: Callable[..., Iterable[bytes]]) -> Callable[..., Iterable[bytes]]:
    """The application, fed with whole requests only."""
    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        length = environ.get("CONTENT_LENGTH") or "0"
        if length.isdigit():
            environ["wsgi.input"] = WholeBody(environ["wsgi.input"], int(length))
        return application(environ, start_response)
    return answer


application = whole(get_wsgi_application())
