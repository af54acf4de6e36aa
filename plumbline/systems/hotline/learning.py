"""Learns classes from texts that people have classified: one linear machine a class over weighted counts of three views.

Needs scikit-learn and jieba (the extra `learn`). What the pages need to classify is in `model`, without scikit-learn.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from plumbline.kernel import BadInput, Finding
from plumbline.systems.hotline import features
from plumbline.systems.hotline.model import Model, View, chances

# fewer texts than this teach nothing of a class
FEWEST = 5
FOLDS = 5
# features x classes: what a model may hold
MOST_CELLS = 8_000_000
POWER = 0.6
# it may say "cannot tell" to so many of a hundred, measured on held-back texts
SILENT = 8
# and never where it is so sure
SURE = 0.7
# told what is done: the step in Chinese, how many of its parts are done, of how many
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Counts:
    """Texts counted in every view: matrices texts x features, and the names of the features."""

    names: tuple[list[str], ...]
    matrices: tuple[sparse.csr_matrix, ...]

    def rows(self, at: np.ndarray) -> "Counts":
        """Some of the texts."""
        return Counts(self.names, tuple(matrix[at] for matrix in self.matrices))


@dataclass(frozen=True)
class Machines:
    """Of each view: weights and what they add (features x classes, float32); and the bias of each class."""

    weights: tuple[np.ndarray, ...]
    adds: tuple[np.ndarray, ...]
    bias: np.ndarray

    def margins(self, counts: Counts) -> np.ndarray:
        """Texts x classes."""
        found = np.tile(self.bias, (counts.matrices[0].shape[0], 1))
        for matrix, weights, adds in zip(counts.matrices, self.weights, self.adds, strict=True):
            plain = _damped(matrix)
            length = np.sqrt(plain.power(2) @ weights ** 2)
            found += (plain @ adds) / np.maximum(length, 1e-9)
        return found


def silent(step: str, done: int, whole: int) -> None:
    """Tell nobody."""


def learned(texts: Sequence[str], labels: Sequence[str], tell: Tell = silent) -> Model:
    """The model of some classified texts; the same for the same texts in the same order.

    Classes with fewer than five texts are left out; `told["left_out"]` names them.
    Raises  BadInput where fewer than two classes remain
    """
    kept, left_out = _usable(texts, labels)
    names = tuple(sorted({label for _, label in kept}))
    if len(names) < 2:
        message = f"可用的类别不足两个：每个类别至少要有 {FEWEST} 条不同的文本；请补充后再训练。"
        raise BadInput([Finding("hotline.train", "label", message)])
    truth = np.array([names.index(label) for _, label in kept])
    tell("数词和字", 0, 1)
    counts = counted([text for text, _ in kept], len(names))
    held = held_back(counts, truth, len(names), tell)
    mixing, base = calibrated(held, truth)
    chance = chances(held @ mixing + base)
    least = round(min(SURE, float(np.percentile(chance.max(axis=1), SILENT))), 4)
    tell("学习全部来件", 0, 1)
    machines = fitted(counts, truth, len(names))
    tell("学习全部来件", 1, 1)
    told = {"texts": len(kept), "classes": len(names), "left_out": left_out, "held_back": measured(chance, truth, least)}
    return Model(names, _views(counts, machines), machines.bias, mixing, base, least, told)


def _usable(texts: Sequence[str], labels: Sequence[str]) -> tuple[list[tuple[str, str]], list[str]]:
    """Different normal texts with their labels, without the classes that have too few; and the names of those."""
    pairs = list(dict.fromkeys((features.normal(text), label.strip()) for text, label in zip(texts, labels, strict=True)))
    pairs = [(text, label) for text, label in pairs if text and label]
    many = Counter(label for _, label in pairs)
    few = sorted(label for label, count in many.items() if count < FEWEST)
    return [(text, label) for text, label in pairs if label not in few], few


def counted(plain: Sequence[str], classes: int) -> Counts:
    """Normal texts counted in every view; no more features than a model of so many classes may hold."""
    names, matrices = [], []
    for _, seen, fewest, _ in features.VIEWS:
        vectorizer = CountVectorizer(analyzer=seen, min_df=fewest if len(plain) > 500 else 1, dtype=np.float32,
                                     max_features=max(1000, MOST_CELLS // classes // len(features.VIEWS)))
        matrices.append(vectorizer.fit_transform(plain))
        names.append(vectorizer.get_feature_names_out().tolist())
    return Counts(tuple(names), tuple(matrices))


def fitted(counts: Counts, truth: np.ndarray, classes: int) -> Machines:
    """One linear machine a class."""
    weights = [np.zeros((matrix.shape[1], classes), np.float32) for matrix in counts.matrices]
    adds = [array.copy() for array in weights]
    bias = np.zeros(classes, np.float32)
    damped = [_damped(matrix) for matrix in counts.matrices]
    held = [_present(matrix) for matrix in counts.matrices]
    for at in range(classes):
        mine = truth == at
        own = [_weights(present, mine) for present in held]
        scale = [view[3] for view in features.VIEWS]
        rows = sparse.hstack([normalize(matrix @ sparse.diags(weight)) * size
                              for matrix, weight, size in zip(damped, own, scale, strict=True)]).tocsr()
        machine = LinearSVC(C=1.0, random_state=0).fit(rows, mine)
        parts = np.split(machine.coef_[0].astype(np.float32), np.cumsum([len(weight) for weight in own])[:-1])
        bias[at] = machine.intercept_[0]
        for view, (weight, part) in enumerate(zip(own, parts, strict=True)):
            weights[view][:, at] = weight
            adds[view][:, at] = weight * part * scale[view]
    return Machines(tuple(weights), tuple(adds), bias)


def _damped(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    found = matrix.copy()
    found.data = 1 + np.log(found.data)
    return found


def _present(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    found = matrix.copy()
    found.data = np.ones_like(found.data)
    return found


def _weights(present: sparse.csr_matrix, mine: np.ndarray) -> np.ndarray:
    """Of each feature: idf times |ln of how much likelier it is inside the class than outside| to a power; 0 where unseen."""
    everywhere = np.asarray(present.sum(axis=0)).ravel()
    inside = np.asarray(present[mine].sum(axis=0)).ravel()
    likely, otherwise = inside + 1, everywhere - inside + 1
    ratio = np.abs(np.log((likely / likely.sum()) / (otherwise / otherwise.sum()))) ** POWER
    rare = np.log((present.shape[0] + 1) / (everywhere + 1)) + 1
    return (ratio * rare * (everywhere > 0)).astype(np.float32)


def held_back(counts: Counts, truth: np.ndarray, classes: int, tell: Tell = silent) -> np.ndarray:
    """Margins of every text by machines that have not seen it: texts x classes."""
    found = np.zeros((len(truth), classes))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(np.zeros(len(truth)), truth)
    for at, (seen, unseen) in enumerate(folds):
        tell("轮流留出一份试测", at, FOLDS)
        found[unseen] = fitted(counts.rows(seen), truth[seen], classes).margins(counts.rows(unseen))
    return found


def calibrated(margins: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Margins to probabilities, learned on margins of texts not seen: mixing (classes x classes) and base."""
    fit = LogisticRegression(C=1.0, max_iter=1000).fit(margins, truth)
    if len(fit.classes_) == 2:  # one column stands for two classes
        return np.hstack([-fit.coef_.T, fit.coef_.T]) / 2, np.array([-fit.intercept_[0], fit.intercept_[0]]) / 2
    return fit.coef_.T, fit.intercept_


def measured(chance: np.ndarray, truth: np.ndarray, least: float) -> dict[str, object]:
    """How good it is on texts it has not seen; shares to four places."""
    order = np.argsort(-chance, axis=1)
    right, sure = order[:, 0] == truth, chance.max(axis=1) >= least
    return {"macro_f1": round(float(f1_score(truth, order[:, 0], average="macro")), 4), "accuracy": round(float(right.mean()), 4),
            "top3": round(float((order[:, :3] == truth[:, None]).any(axis=1).mean()), 4),
            "abstained": round(float(1 - sure.mean()), 4), "accuracy_when_told": round(float(right[sure].mean()), 4)}


def _views(counts: Counts, machines: Machines) -> tuple[View, ...]:
    return tuple(View(names, {name: at for at, name in enumerate(names)}, weights, adds)
                 for names, weights, adds in zip(counts.names, machines.weights, machines.adds, strict=True))
