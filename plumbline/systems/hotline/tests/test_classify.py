"""Learning, keeping and using a classifier, on an invented set; nothing of it is a guess where nothing is known."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from plumbline.kernel import BadInput
from plumbline.systems.hotline import classify, learning, model

THINGS = {
    "供水": ("自来水停了", "水压太低", "水管爆裂漏水", "水表走得快", "二次供水发黄"),
    "公交": ("公交车不进站", "公交线路取消", "班车间隔太长", "公交司机拒载", "站台没有雨棚"),
    "学校": ("学校补课收费", "幼儿园入园难", "老师布置作业多", "校服太贵", "学区划分不公"),
}
PLACES = ("梧桐里", "河西苑", "东关街", "长宁巷", "北苑", "学府路")


def invented() -> list[tuple[str, str]]:
    return [(f"{place}{thing}，请{how}", label) for label, things in THINGS.items() for thing in things
            for place in PLACES for how in ("处理", "答复")]


@pytest.fixture(scope="module")
def small():
    texts, labels = zip(*invented(), strict=True)
    return learning.learned(texts, labels)


def test_what_was_learned_is_known_again_after_keeping(small, tmp_path):
    model.save(small, tmp_path, classify.NAME)
    answer = classify.Classifier.load(tmp_path).classify("南苑小区自来水停了两天，水压也低")
    assert (answer.label, answer.abstained, answer.by) == ("供水", False, classify.LEARNED)
    assert answer.top3[0] == (answer.label, answer.score)
    assert "自来水" in answer.why


def test_probabilities_add_up_to_one_and_keeping_changes_none(small, tmp_path):
    path = model.save(small, tmp_path, classify.NAME)
    kept = json.loads((tmp_path / "hotline.json").read_text(encoding="utf-8"))
    again = model.opened(path, kept["sha256"])
    text = "学府路学校补课收费"
    assert again.probabilities(text).tolist() == small.probabilities(text).tolist()
    assert again.probabilities(text).sum() == pytest.approx(1)


def test_a_text_of_unknown_words_gets_no_guess(small):
    for text in ("", "？？？", "Lorem ipsum dolor", "琴瑟琵琶"):
        assert classify.Classifier(small).classify(text).abstained, text


def test_margins_of_one_text_are_those_of_a_batch(small):
    texts = [text for text, _ in invented()]
    counts = learning.counted([learning.features.normal(text) for text in texts], 3)
    truth = learning.np.array([sorted(THINGS).index(label) for _, label in invented()])
    batch = learning.fitted(counts, truth, 3).margins(counts)
    assert small.labels == tuple(sorted(THINGS))
    for at in (0, 70, 150):
        assert small.margins(texts[at]).tolist() == pytest.approx(batch[at].tolist(), abs=1e-4)


def test_the_same_texts_give_the_same_file(small):
    texts, labels = zip(*invented(), strict=True)
    assert model.packed(learning.learned(texts, labels)) == model.packed(small)


def test_a_class_with_four_texts_is_left_out_and_named():
    texts, labels = zip(*invented(), *[(f"{place}路灯不亮", "照明") for place in PLACES[:4]], strict=True)
    found = learning.learned(texts, labels)
    assert "照明" not in found.labels
    assert found.told["left_out"] == ["照明"]


def test_one_class_teaches_nothing():
    with pytest.raises(BadInput, match="可用的类别不足两个"):
        learning.learned(["停水", "断水", "水压低", "水黄", "漏水", "水表"], ["供水"] * 6)


def test_nothing_learned_means_words(tmp_path):
    assert classify.Classifier.load(tmp_path) is None
    answer = classify.current(tmp_path).classify("梧桐里的出租车司机拒载，还不打表")
    assert (answer.label, answer.abstained, answer.by) == ("交通运输", False, classify.BY_WORDS)
    assert set(answer.why) >= {"出租车", "拒载", "不打表"}


def test_words_that_say_nothing_give_no_guess():
    answer = classify.ByWords().classify("领导您好，请帮帮我")
    assert (answer.label, answer.top3, answer.abstained) == ("", (), True)


def test_words_of_two_classes_alike_give_no_guess():
    answer = classify.ByWords().classify("关于有关事项的反映" * 6 + "，既有医院，又有学校，还有工资")
    assert answer.abstained
    assert len(answer.top3) == 3


def test_a_changed_file_is_refused_and_never_run(small, tmp_path):
    path = model.save(small, tmp_path, classify.NAME)
    kept = path.read_bytes()
    path.write_bytes(kept[:-100] + b"x" * 100)
    with pytest.raises(BadInput, match="请重新训练"):
        classify.Classifier.load(tmp_path)


def test_objects_in_a_model_are_refused_even_under_the_right_hash(tmp_path):
    path = tmp_path / "hotline-0.npz"
    learning.np.savez(path, about=learning.np.array([{"code": print}], dtype=object))
    digest = model.hashlib.sha256(path.read_bytes()).hexdigest()
    with pytest.raises(BadInput, match="请重新训练"):
        model.opened(path, digest)


def test_a_newer_model_is_seen_without_a_restart(small, tmp_path):
    model.save(small, tmp_path, classify.NAME)
    first = classify.Classifier.load(tmp_path)
    assert classify.Classifier.load(tmp_path) is first
    pairs = [pair for pair in invented() if pair[1] != "学校"]
    model.save(learning.learned(*zip(*pairs, strict=True)), tmp_path, classify.NAME)
    assert classify.Classifier.load(tmp_path).model.labels == ("供水", "公交")


def test_three_models_are_kept_and_leavings_dropped(small, tmp_path):
    (tmp_path / ".hotline-1.npz.part").write_bytes(b"half")
    for at in range(4):
        (tmp_path / f"hotline-{at}.npz").write_bytes(b"old")
        os.utime(tmp_path / f"hotline-{at}.npz", (at, at))
    path = model.save(small, tmp_path, classify.NAME)
    assert {one.name for one in tmp_path.iterdir()} == {
        path.name, "hotline-2.npz", "hotline-3.npz", "hotline.json", ".lock"}


def test_absent_libraries_are_told_and_words_decide(small, tmp_path, monkeypatch):
    model.save(small, tmp_path, classify.NAME)
    monkeypatch.setattr(classify, "NEEDED", ("numpy", "no_such_library"))
    assert classify.current(tmp_path).classify("公交车拒载").by == classify.BY_WORDS
    with pytest.raises(BadInput, match=r"没有安装no_such_library.*pip install 'plumbline\[learn\]'"):
        classify.loaded("learning")


KILLED = """
import pathlib, sys
from plumbline.systems.hotline import model
def slow(path, kept):
    path.with_name(f".{path.name}.part").write_bytes(kept[:100])
    print("half", flush=True)
    sys.stdin.read()
model.put = slow
folder = pathlib.Path(sys.argv[1])
kept = next(folder.glob("hotline-*.npz"))
model.save(model.opened(kept, sys.argv[2]), folder, "hotline")
"""


def test_killed_while_keeping_the_old_model_stays(small, tmp_path):
    path = model.save(small, tmp_path, classify.NAME)
    before = (tmp_path / "hotline.json").read_bytes()
    process = subprocess.Popen([sys.executable, "-c", KILLED, tmp_path, json.loads(before)["sha256"]],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout.readline() == b"half\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert (tmp_path / "hotline.json").read_bytes() == before
    assert classify.Classifier.load(tmp_path).classify("公交车不进站").label == "公交"
    assert model.save(small, tmp_path, classify.NAME) == path
    assert not list(tmp_path.glob(".*.part"))


def test_a_message_takes_less_than_ten_milliseconds(small):
    classifier = classify.Classifier(small)
    text = "".join(text for text, _ in invented()[:20])
    classifier.classify(text)
    begin = time.process_time()
    for _ in range(20):
        classifier.classify(text)
    assert (time.process_time() - begin) / 20 < 0.010
