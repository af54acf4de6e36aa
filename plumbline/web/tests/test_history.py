"""What the journal says of a write is said in Chinese, whichever function of the store wrote it."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

import plumbline.store
from plumbline.store.models import Answer, Commitment, Pairing, Share, Target
from plumbline.web.history import action_words, table_words

STORE = Path(plumbline.store.__file__).parent
# actions whose table is only known when they are written
COMPOSED = [f"{model._meta.model_name}.{deed}" for deed, models in (
    ("edit", (Target, Commitment)), ("decide", (Pairing, Share, Answer))) for model in models]
COMPOSED += [f"{kind}.{deed}" for kind in ("table", "indicator", "sentence")
             for deed in ("declare", "change", "retire", "restore")]


def told() -> set[str]:
    """Every action the functions of the store hand to the journal."""
    calls = (node for path in STORE.rglob("*.py") if not {"tests", "migrations"} & set(path.parts)
             for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
             if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("Write", "_take_up", "_move"))
    return {part.value for call in calls for argument in call.args for part in ast.walk(argument)
            if isinstance(part, ast.Constant) and re.fullmatch(r"[a-z]+\.[a-z-]+", str(part.value))}


def test_the_actions_of_the_store_are_found():
    assert {"claim.confirm", "document.again", "document.unpublish", "target.remove", "order.open", "run.file"} <= told()


@pytest.mark.parametrize("action", [*sorted(told()), *COMPOSED])
def test_every_action_is_said_in_chinese(action):
    assert action_words(action) != action


def test_moves_of_orders_and_declared_tables_are_said_as_they_are_declared():
    moves = {key: move.label for kind in settings.CATALOG.orders.values() for key, move in kind.moves.items()}
    assert {key for key in moves if action_words(f"order.{key}") == f"order.{key}"} == set()
    assert {key for key, one in settings.CATALOG.tables.items() if table_words(key) != one.label} == set()
