"""Who asks: the person a key was made for, the person signed in, or a stranger."""

from typing import Any

from django.http import HttpRequest

from plumbline.store.people import user_of_key
from plumbline.web.sdmx.faults import Fault


def caller(request: HttpRequest) -> Any:
    """The user behind a request.

    Raises  Fault (401) for a key nobody has; it is never taken for a stranger's, who would silently see less
    """
    told = request.headers.get("Authorization", "")
    if not told:
        return request.user
    kind, _, secret = told.partition(" ")
    user = user_of_key(secret.strip()) if kind.lower() == "bearer" else None
    if user is None:
        raise Fault(401, "密钥不对、已停用，或账号已停用；请在“我的账号—接口密钥”里新增，以 Authorization: Bearer 发送。",
                    "No such key, or it was stopped; make one on your profile and send it as Authorization: Bearer.")
    return user
