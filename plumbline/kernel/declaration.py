"""YAML as declarations are written in it: scalars stay text, so that decimals are exact; a key twice is refused."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from plumbline.kernel.errors import BadDeclaration


class _Loader(yaml.BaseLoader):  # type: ignore[misc]
    """YAML whose scalars stay text; a key written twice is refused."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        """A mapping without duplicate keys."""
        keys = [self.construct_object(key) for key, _ in node.value]
        if twice := sorted({str(key) for key in keys if keys.count(key) > 1}):
            raise BadDeclaration(f"{self.name}: {', '.join(twice)} is written twice; keep one")
        return dict(super().construct_mapping(node, deep))


def declared(path: Path) -> Any:
    """What a YAML file says: mappings and lists of text.

    Raises  BadDeclaration where the file is no YAML, or says a key twice
    """
    try:
        with path.open(encoding="utf-8") as file:
            return yaml.load(file, _Loader)  # noqa: S506  its scalars are text, it builds nothing else
    except yaml.YAMLError as error:
        raise BadDeclaration(f"{path}: not YAML: {error}") from error


SAID = {"true": True, "on": True, "1": True, "false": False, "off": False, "0": False, "": False, "none": False}


def truth(told: Any) -> bool | None:
    """Whether a file or a form says yes; None where it says neither yes nor no.

    >>> truth("true"), truth(False), truth(None), truth("yess")
    (True, False, False, None)
    """
    return SAID.get(str(told).strip().lower())


def mapping(path: Path) -> dict[str, Any]:
    """The mapping a YAML file says; empty where the file is absent."""
    if not path.exists():
        return {}
    told = declared(path)
    if not isinstance(told, Mapping):
        raise BadDeclaration(f"{path}: write key: parts")
    return dict(told)
