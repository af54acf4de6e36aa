"""Users, offices and what they may do."""

from plumbline.store.people.accounts import (
    change_password,
    create_office,
    create_offices,
    create_user,
    edit_office,
    edit_user,
)
from plumbline.store.people.keys import create_key, key_of, retire_key, user_of_key
from plumbline.store.people.knocks import knock, knocks
from plumbline.store.people.roles import ACTIONS, may, offices_of, outsider, require
from plumbline.store.people.tables import OFFICE_KINDS, ROLES, AccessKey, Knock, Office, User

__all__ = [
    "ACTIONS", "OFFICE_KINDS", "ROLES", "AccessKey", "Knock", "Office", "User", "change_password", "create_key",
    "create_office", "create_offices", "create_user", "edit_office", "edit_user", "key_of", "knock", "knocks", "may",
    "offices_of", "outsider", "require", "retire_key", "user_of_key",
]
