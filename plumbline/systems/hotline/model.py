"""A learned classifier as arrays: kept as .npz without code, scored with numpy alone.

A text is counted in each view; a count c weighs 1 + ln c, times the feature's own weight for the class (idf times the
logarithm of how much likelier it is inside the class than outside, to the power 0.6), and each view is brought to length 1.
"""

import hashlib
import io
import json
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import numpy as np

from plumbline.kernel import BadInput, Finding
from plumbline.store.folders import locked, put
from plumbline.systems.hotline import features

VERSION = 1
# of each view: the known features of a text, and 1 + ln of their counts; counting is what takes the time
Counted = list[tuple[np.ndarray, np.ndarray]]
KEPT = 3


@dataclass(frozen=True)
class View:
    """One view: its features, and of each feature and class a weight and what that weight adds to the class.

    weights, adds  float32, features x classes
    """

    names: Sequence[str]
    ids: dict[str, int]
    weights: np.ndarray
    adds: np.ndarray


@dataclass(frozen=True)
class Model:
    """What training gives.

    bias         of each class
    mixing       classes x classes and `base`: margins to probabilities, softmax(margins @ mixing + base)
    least        probability under which it cannot tell
    told         what is kept beside: texts, classes, measured on held-back parts
    """

    labels: tuple[str, ...]
    views: tuple[View, ...]
    bias: np.ndarray
    mixing: np.ndarray
    base: np.ndarray
    least: float
    told: dict[str, object]

    def probabilities(self, text: str) -> np.ndarray:
        """Of each class, in the order of `labels`; sums to 1."""
        return self.likely(self.counted(text))

    def likely(self, seen: Counted) -> np.ndarray:
        """Probabilities of a counted text."""
        return chances(self.weighed(seen) @ self.mixing + self.base)

    def margins(self, text: str) -> np.ndarray:
        """Of each class: above 0 speaks for it."""
        return self.weighed(self.counted(text))

    def weighed(self, seen: Counted) -> np.ndarray:
        """Margins of a counted text."""
        found = self.bias.copy()
        for at, (ids, counts) in enumerate(seen):
            if len(ids):
                view = self.views[at]
                length = np.sqrt((counts ** 2) @ (view.weights[ids] ** 2))
                found += (counts @ view.adds[ids]) / np.maximum(length, 1e-9)
        return found

    def counted(self, text: str) -> Counted:
        """Of each view: the known features of a text, and 1 + ln of their counts."""
        plain = features.normal(text)
        found = []
        for view, (_, seen, _, _) in zip(self.views, features.VIEWS, strict=True):
            counts = {view.ids[name]: many for name, many in Counter(seen(plain)).items() if name in view.ids}
            found.append((np.fromiter(counts, np.int64, len(counts)),
                          np.array([1 + math.log(many) for many in counts.values()], np.float32)))
        return found

    def why(self, seen: Counted, at: int, most: int = 5) -> tuple[str, ...]:
        """The words of a counted text that spoke loudest for a class against the others, the loudest first."""
        ids, counts = seen[0]
        adds = self.views[0].adds[ids]
        spoke = counts * (adds[:, at] - (adds.sum(axis=1) - adds[:, at]) / max(1, len(self.labels) - 1))
        names = [self.views[0].names[ids[one]] for one in np.argsort(-spoke, kind="stable") if spoke[one] > 0]
        return tuple(name for name in names if len(name) > 1)[:most]


def chances(scores: np.ndarray) -> np.ndarray:
    """Softmax of the last axis."""
    grown = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return grown / grown.sum(axis=-1, keepdims=True)


def save(model: Model, folder: Path, name: str) -> Path:
    """The model kept as <name>-<hash>.npz, then named in <name>.json: who reads meanwhile sees the old one or the new one.

    A process killed half way leaves the old one in force; what it left lying is dropped by the next.
    """
    kept = packed(model)
    digest = hashlib.sha256(kept).hexdigest()
    with locked(folder):
        path = folder / f"{name}-{digest[:16]}.npz"
        put(path, kept)
        put(folder / f"{name}.json", json.dumps({"file": path.name, "sha256": digest, **model.told}, ensure_ascii=False,
                                                 indent=1).encode())
        _drop_old(folder, name, path)
    return path


def packed(model: Model) -> bytes:
    """The bytes of a model: equal for equal models."""
    arrays = {"bias": model.bias, "mixing": model.mixing, "base": model.base, "about": _bytes(json.dumps(
        {"version": VERSION, "labels": model.labels, "least": model.least, "told": model.told}, ensure_ascii=False))}
    for at, view in enumerate(model.views):
        arrays |= {f"weights{at}": view.weights, f"adds{at}": view.adds, f"names{at}": _bytes("\n".join(view.names))}
    file = io.BytesIO()
    np.savez(file, allow_pickle=False, **arrays)
    return file.getvalue()


def opened(path: Path, digest: str) -> Model:
    """The model of a file.

    Raises  BadInput where the file is not the one that was kept, or is damaged; no code in it is ever run
    """
    try:
        kept = path.read_bytes()
        if hashlib.sha256(kept).hexdigest() != digest:
            raise ValueError("not the file that was kept")
        with np.load(io.BytesIO(kept), allow_pickle=False) as arrays:
            return _unpacked(dict(arrays))
    except (OSError, ValueError, KeyError, BadZipFile) as error:
        message = f"分类模型 {path.name} 读不出来或被改动过；请重新训练：plumbline hotline train 文件。"
        raise BadInput([Finding("hotline.model", path.name, message)]) from error


def _unpacked(arrays: dict[str, np.ndarray]) -> Model:
    about = json.loads(arrays["about"].tobytes().decode())
    if about["version"] != VERSION:
        raise ValueError("made by another version")
    views = []
    for at in range(len(features.VIEWS)):
        names = arrays[f"names{at}"].tobytes().decode().split("\n")
        shape = (len(names), len(about["labels"]))
        if arrays[f"weights{at}"].shape != shape or arrays[f"adds{at}"].shape != shape:
            raise ValueError("arrays do not fit")
        views.append(View(names, {name: i for i, name in enumerate(names)}, arrays[f"weights{at}"], arrays[f"adds{at}"]))
    return Model(tuple(about["labels"]), tuple(views), arrays["bias"], arrays["mixing"], arrays["base"], about["least"],
                 about["told"])


def _bytes(text: str) -> np.ndarray:
    return np.frombuffer(text.encode(), np.uint8)


def _drop_old(folder: Path, name: str, current: Path) -> None:
    """Drop what killed processes left, and all models but the newest few."""
    for part in folder.glob(f".{name}*.part"):
        part.unlink(missing_ok=True)
    old = sorted((path for path in folder.glob(f"{name}-*.npz") if path != current),
                 key=lambda path: path.stat().st_mtime_ns, reverse=True)
    for path in old[KEPT - 1:]:
        path.unlink(missing_ok=True)
