"""Users, offices and what they may do."""

from plumbline.store.people.accounts import change_password, create_office, create_user, edit_office, edit_user
from plumbline.store.people.keys import create_key, retire_key, user_of_key
from plumbline.store.people.roles import ACTIONS, may, offices_of, require
from plumbline.store.people.tables import ROLES, AccessKey, Office, User

__all__ = [
    "ACTIONS", "ROLES", "AccessKey", "Office", "User", "change_password", "create_key", "create_office", "create_user",
    "edit_office", "edit_user", "may", "offices_of", "require", "retire_key", "user_of_key",
]
