"""A system: a folder that teaches the product one line of government work; this is what it says of itself."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from plumbline.kernel.declaration import mapping
from plumbline.kernel.errors import BadDeclaration

PARTS = {"label", "owner", "needs", "own", "pages", "actions", "by", "menu"}
# what may lie in the folder: what is read, and nothing else; a typing mistake must not become a silently missing feature
FILES = {"__init__.py", "system.yaml", "records.yaml", "indicators.yaml", "orders.yaml", "rules.yaml", "demo.py", "screens.py",
         "commands.py"}
FOLDERS = {"parameters", "sentences", "cases", "tests", "templates", "static", "__pycache__"}


@dataclass(frozen=True, slots=True)
class System:
    """One line of work.

    key    the folder's name
    owner  the office that answers for it
    needs  keys of the systems whose tables its indicators may read
    own    modules of its own, and data of the same name, beside the standard ones
    pages  its own pages: name of the address → what the link says
    actions  what can be done from a page of the product: name of that page → name of the address → what the button says;
             the address takes the page's name and the key of what it shows, or nothing where the page shows many
    menu   its own entries of the main navigation: name of the address → what it is called; what lies below belongs to it
    by     name of an address → the roles whose work it is; who has another is not led there. Not named: everybody's
    """

    key: str
    label: str
    owner: str
    folder: Path
    needs: tuple[str, ...] = ()
    own: tuple[str, ...] = ()
    pages: Mapping[str, str] = field(default_factory=dict)
    actions: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    menu: Mapping[str, str] = field(default_factory=dict)

    def leads(self, role: str, name: str) -> bool:
        """Whether somebody of a role is led to an address; without a role, to all."""
        return not role or role in self.by.get(name, (role,))


def system_from(folder: Path) -> System:
    """The system of a folder.

    Raises  BadDeclaration where system.yaml lacks a part, or a file lies there that is no part of a system
    """
    told: dict[str, Any] = mapping(folder / "system.yaml")
    wrong = [f"{name} is missing; write it" for name in ("label", "owner") if not told.get(name)]
    wrong += [f"{name} is no part of a system; remove it" for name in sorted(set(told) - PARTS)]
    own = tuple(told.get("own") or ())
    strange = sorted(path.name for path in folder.iterdir()
                     if path.name not in (FOLDERS if path.is_dir() else
                                          FILES | {f"{name}{end}" for name in own for end in (".py", ".yaml")}))
    wrong += [f"{name} is no part of a system; rename it, or list it under own in system.yaml" for name in strange]
    if wrong:
        raise BadDeclaration(f"{folder / 'system.yaml'}: " + "; ".join(wrong))
    return System(folder.name, told["label"], told["owner"], folder, tuple(told.get("needs") or ()), own,
                  dict(told.get("pages") or {}), dict(told.get("actions") or {}),
                  {name: tuple(roles) for name, roles in (told.get("by") or {}).items()},
                  dict(told.get("menu") or {}))
