"""What the journal says of a write is said in Chinese, whichever function of the store wrote it."""

import ast
from pathlib import Path

import pytest

import plumbline.store
from plumbline.store.models import Answer, Commitment, Pairing, Share, Target
from plumbline.web.history import TABLES, action_words

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
            if isinstance(part, ast.Constant) and str(part.value).partition(".")[0] in TABLES and "." in part.value}


def test_the_actions_of_the_store_are_found():
    assert {"claim.confirm", "document.again", "document.unpublish", "target.remove", "user.edit"} <= told()


@pytest.mark.parametrize("action", [*sorted(told()), *COMPOSED])
def test_every_action_is_said_in_chinese(action):
    assert action_words(action) != action
