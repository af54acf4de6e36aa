"""kill -9 at random moments of training: the model in force is the old one or the new one, whole; the next training ends."""

import json
import random
import time

import pytest
from django.db import connections

from plumbline.store.batches.tests.test_killed import killed
from plumbline.systems.hotline import commands
from plumbline.systems.hotline.classify import NAME, Classifier
from plumbline.systems.hotline.model import KEPT, opened, save
from plumbline.systems.hotline.tests.test_classify import invented

pytestmark = pytest.mark.slow
KILLS = 12


def labelled(path, ending):
    """A file of invented messages."""
    lines = ["text,label", *(f"{text}{ending},{label}" for text, label in invented())]
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def in_force(folder):
    """The hash of the model in force, which is whole and answers."""
    assert Classifier.load(folder).classify("公交车拒载").top3[0][0] == "公交"
    return json.loads((folder / f"{NAME}.json").read_text(encoding="utf-8"))["sha256"]


def test_training_killed_at_any_moment_leaves_a_whole_model(tmp_path, monkeypatch):
    monkeypatch.setattr(connections, "close_all", lambda: None)  # learning opens none
    folder = tmp_path / "models"
    files = [labelled(tmp_path / f"{n}.csv", ending) for n, ending in enumerate(("", "。请尽快处理"))]
    turn, dice = iter(range(10 ** 6)), random.Random(5)

    def train():
        assert commands.main(["train", files[next(turn) % 2], "--models", str(folder)]) == 0

    train()
    kept = [in_force(folder)]
    begin = time.perf_counter()
    train()
    long, kept = time.perf_counter() - begin, [*kept, in_force(folder)]
    for _ in range(3):
        killed(train, dice.uniform(0, 1.5 * long))
        assert in_force(folder) in kept
    learned = [opened(folder / f"{NAME}-{digest[:16]}.npz", digest) for digest in kept]

    def keep():
        save(learned[next(turn) % 2], folder, NAME)

    seen = set()
    for _ in range(KILLS):
        killed(keep, dice.uniform(0, long / 8))
        seen.add(in_force(folder))
    assert seen == set(kept)
    train()
    assert in_force(folder) in kept  # the same texts give the same model
    assert list(folder.glob(".*.part")) == []
    assert len(list(folder.glob(f"{NAME}-*.npz"))) <= KEPT
