"""How well and how fast citizens' messages are classified, beside plain TF-IDF with a linear SVM in the same run.

    python bench/classify.py [FILE] [FOLDS]    a CSV with text, label; messages/labelled.csv of PLUMBLINE_SHARED if none

Stratified folds, each held back once from everything: features, machines, calibration and the threshold of "cannot tell".
Some messages stand in the file twice or more, with a few words changed: the second table keeps all that are alike in one fold,
so that none is known from its twin. Milliseconds are of one message at a time, on one core, the model loaded from its file, in
seconds of the processor. F1 and accuracy are of the best class, also where it cannot tell.
"""

import csv
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import jieba
import numpy as np
from rich.console import Console
from rich.table import Table
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold
from sklearn.pipeline import Pipeline, make_pipeline, make_union
from sklearn.svm import LinearSVC

from plumbline.systems.hotline import features, learning, model
from plumbline.systems.hotline.classify import NAME, Answer, ByWords, Classifier

SHARED = Path(os.environ.get("PLUMBLINE_SHARED", Path(__file__).parent.parent / "../shared"))
COLUMNS = ("classifier", "macro-F1", "± folds", "accuracy", "top 3", "cannot tell", "right when told", "ms a message",
           "training s")
# cosine of the pairs of letters from which two messages are near twins
ALIKE = 0.6
Learner = Callable[[Sequence[str], Sequence[str]], Callable[[str], tuple[str, tuple[str, ...], bool]]]


def main() -> int:
    """Print the table."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else SHARED / "data/messages/labelled.csv"
    if not path.exists():
        print(f"{path} is not there; set PLUMBLINE_SHARED or name a file")
        return 1
    folds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    texts, labels = read(path)
    groups = alike(texts)
    twins = sum(many for many in np.bincount(groups) if many > 1)
    cuts = (("random folds", list(StratifiedKFold(folds, shuffle=True, random_state=1).split(texts, labels))),
            (f"{twins} messages with near twins kept together",
             list(StratifiedGroupKFold(folds, shuffle=True, random_state=1).split(texts, labels, groups))))
    for title, parts in cuts:
        table = Table(title=f"{len(texts):,} messages, {len(set(labels))} classes, {folds} folds: {title}")
        for name in COLUMNS:
            table.add_column(name, justify="left" if name == "classifier" else "right")
        for name, learner in LEARNERS:
            table.add_row(name, *measured(learner, texts, labels, parts))
        Console(width=160).print(table)
    return 0


def alike(texts: np.ndarray) -> np.ndarray:
    """A number of each text, the same for those of which one leads to the other by steps of at least ALIKE."""
    rows = TfidfVectorizer(analyzer="char", ngram_range=(2, 2)).fit_transform([features.normal(text) for text in texts])
    near = sparse.vstack([(part := rows[at:at + 500] @ rows.T).multiply(part >= ALIKE) for at in range(0, len(texts), 500)])
    return connected_components(near, directed=False)[1]


def read(path: Path) -> tuple[np.ndarray, np.ndarray]:
    """Texts and labels."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = [(row["text"], row["label"]) for row in csv.DictReader(file)]
    return np.array([text for text, _ in rows], object), np.array([label for _, label in rows], object)


def measured(learner: Learner, texts: np.ndarray, labels: np.ndarray,
             parts: Sequence[tuple[np.ndarray, np.ndarray]]) -> tuple[str, ...]:
    """The row of one learner."""
    told: dict[int, tuple[str, tuple[str, ...], bool]] = {}
    scores, training, spent = [], 0.0, 0.0
    for seen, unseen in parts:
        begin = time.process_time()
        answer = learner(texts[seen], labels[seen])
        training += time.process_time() - begin
        answer(texts[0])
        begin = time.process_time()
        told |= {at: answer(texts[at]) for at in unseen}
        spent += time.process_time() - begin
        scores.append(f1_score(labels[unseen], [told[at][0] for at in unseen], average="macro", labels=sorted(set(labels))))
    right = np.array([told[at][0] == labels[at] for at in range(len(texts))])
    among = np.array([labels[at] in told[at][1] for at in range(len(texts))])
    silent = np.array([told[at][2] for at in range(len(texts))])
    return (f"{statistics.mean(scores):.4f}", f"{statistics.pstdev(scores):.4f}",
            f"{accuracy_score(labels, [told[at][0] for at in range(len(texts))]):.4f}", f"{among.mean():.4f}",
            f"{silent.mean():.2%}", f"{right[~silent].mean():.2%}", f"{spent / len(texts) * 1000:.2f}",
            f"{training / len(parts):.0f}")


def plain(texts: Sequence[str], labels: Sequence[str]) -> Callable[[str], tuple[str, tuple[str, ...], bool]]:
    """Words of jieba, TF-IDF as it comes, a linear SVM as it comes."""
    return peer(make_pipeline(TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None), LinearSVC()).fit(texts, labels))


def richer(texts: Sequence[str], labels: Sequence[str]) -> Callable[[str], tuple[str, tuple[str, ...], bool]]:
    """Words of jieba and runs of one to three letters, damped TF-IDF, a linear SVM."""
    views = make_union(TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None, sublinear_tf=True, min_df=2),
                       TfidfVectorizer(analyzer="char", ngram_range=(1, 3), sublinear_tf=True, min_df=3))
    return peer(make_pipeline(views, LinearSVC()).fit(texts, labels))


def peer(made: Pipeline) -> Callable[[str], tuple[str, tuple[str, ...], bool]]:
    """Answers of a machine that never says that it cannot tell."""
    def answer(text: str) -> tuple[str, tuple[str, ...], bool]:
        margins = made.decision_function([text])[0]
        order = [str(made.classes_[at]) for at in np.argsort(-margins)[:3]]
        return order[0], tuple(order), False
    return answer


def ours(texts: Sequence[str], labels: Sequence[str]) -> Callable[[str], tuple[str, tuple[str, ...], bool]]:
    """What `plumbline hotline train` learns, kept and loaded."""
    with tempfile.TemporaryDirectory() as folder:
        model.save(learning.learned(texts, labels), Path(folder), NAME)
        classifier = Classifier.load(Path(folder))
    if classifier is None:
        raise FileNotFoundError(NAME)
    return lambda text: shortened(classifier.classify(text))


def by_words(texts: Sequence[str], labels: Sequence[str]) -> Callable[[str], tuple[str, tuple[str, ...], bool]]:
    """The words an empty house starts with, of the classes asked for only."""
    known = ByWords()
    among = ByWords([one for one in known.among if one.path[0] in set(labels)])
    return lambda text: shortened(among.classify(text))


def shortened(answer: Answer) -> tuple[str, tuple[str, ...], bool]:
    """Label, top three, and whether it cannot tell."""
    return answer.label, tuple(label for label, _ in answer.top3), answer.abstained


LEARNERS: tuple[tuple[str, Learner], ...] = (
    ("words of the taxonomy, nothing learned", by_words), ("TF-IDF of words, linear SVM", plain),
    ("TF-IDF of words and letters, linear SVM", richer), ("plumbline hotline train", ours))


if __name__ == "__main__":
    sys.exit(main())
