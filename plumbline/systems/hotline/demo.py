"""An invented half-year of requests, of any size, whose rates are the published ones; every name says 模拟.

    solved     71.2 % in January → 82.3 % in June 2020
    satisfied  87.9 % → 91.1 %

Scale 1 is some 6,000 requests, scale 370 the 2.2 million of a city.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any

from plumbline.kernel import CITY, Coverage
from plumbline.systems.hotline.city import DISTRICT_OFFICES, DISTRICTS, MARK, department, offices, streets
from plumbline.systems.hotline.invented import SHANGHAI, Row, requests
from plumbline.systems.hotline.matters import TOPICS
from plumbline.systems.hotline.months import HOT_GROWS
from plumbline.systems.hotline.planted import HOT
from plumbline.systems.hotline.taxonomy import classes

Delivery = tuple[str, str, Coverage, Iterable[Row]]
FIRST, LAST = date(2020, 1, 1), date(2020, 6, 30)
PROPOSED_BEFORE = timedelta(days=21)
# who handles a class in the invented duties list, by its first levels; the longest that fits counts
DUTIES = (
    ("城乡建设", "属地街道乡镇", "street"), ("城乡建设/住房保障与房地产", "属地街道乡镇", "street"),
    ("城乡建设/城市建设和市政管理/自来水供应", "自来水集团", "enterprise"),
    ("城乡建设/城市建设和市政管理/燃气供应", "燃气集团", "enterprise"),
    ("城乡建设/城市建设和市政管理/冬季采暖", "热力集团", "enterprise"),
    ("城乡建设/城市建设和市政管理/电力供应", "电力公司", "enterprise"),
    ("城乡建设/城市建设和市政管理/公共汽车", "公交集团", "enterprise"),
    ("城乡建设/城市建设和市政管理/地铁城铁", "地铁公司", "enterprise"),
    ("交通运输", "市交通委", "department"), ("交通运输/邮政管理", "邮政公司", "enterprise"),
    ("环境保护", "市生态环境局", "department"), ("环境保护/环境污染/噪音污染", "属地街道乡镇", "street"),
    ("教育文体", "市教委", "department"), ("教育文体/文化", "市文化旅游局", "department"),
    ("劳动和社会保障", "市人力资源社会保障局", "department"), ("卫生计生", "市卫生健康委", "department"),
    ("商贸旅游", "市市场监管局", "department"), ("商贸旅游/旅游管理", "市文化旅游局", "department"),
    ("农村农业", "属地街道乡镇", "street"), ("农村农业/水利水电", "市水务局", "department"),
    ("民政", "属地街道乡镇", "street"), ("政法/交通管理", "市公安局交管局", "department"),
    ("科技与信息产业/电信", "通信公司", "enterprise"),
)
ANSWERS = (
    ("暖气什么时候开始供",
     "供暖季一般在十一月中旬开始，天气寒冷时会提前；室温不达标可以报修，工作人员上门测温。",
     "冬季采暖", "供暖 暖气 测温"),
    ("停水了怎么查",
     "计划停水会提前在小区张贴通知；没有通知的停水请提供小区和楼号，由供水单位查明原因并答复。",
     "自来水供应", "停水 水压"),
    ("怎样报名入学",
     "每年四月公布入学办法，在网上填报；户籍、房产、居住证明的要求以当年办法为准。",
     "招生录取", "入学 报名 学区"),
    ("拖欠工资向谁反映",
     "可以向用工所在地的劳动监察部门投诉，带上合同、考勤或者转账记录。",
     "工资发放", "欠薪 工资 讨薪"),
    ("工地几点以后不能施工",
     "夜间施工要有许可；没有许可的，请提供工地位置和时间，由执法部门到场检查。",
     "噪音污染", "工地 夜间 施工 噪音"),
    ("垃圾分类桶满了没人收",
     "请提供小区名称和桶站位置，由街道通知清运单位，当天收走。",
     "园林绿化环卫", "垃圾 清运 桶站"),
    ("怎样办理居住证",
     "带身份证和住址证明到派出所或者网上申请，一般十五个工作日办结。",
     "户籍管理", "居住证 派出所"),
    ("共享单车乱停谁管",
     "由街道和运营企业共同清理；请说明路口或者站口，工作人员会派人搬走。",
     "城管执法", "单车 占道"),
)
URGENT = {topic.path: topic.urgency for topic in TOPICS}


def deliveries(scale: int = 1, seed: int = 2020) -> Iterator[Delivery]:
    """Registers to hand in: classes, duties, answers; the same at any scale and seed."""
    del scale, seed
    whole = Coverage((CITY.code,))
    for table, label, rows in (("classes", "诉求分类", _classes()), ("duties", "职责清单", _duties()),
                               ("answers", "知识库", _answers())):
        yield f"hotline.{table}", f"{MARK}数据：{label}", whole, rows


def orders(scale: int = 1, seed: int = 2020) -> Iterator[tuple[str, Iterator[Row]]]:
    """Orders to take in, kind by kind, in the shape of `store.orders.intake.take_in`; each made when asked for."""
    yield "hotline.request", requests(scale, seed)
    yield "hotline.remedy", _remedies(scale)


def cuts(scale: int = 1, seed: int = 2020) -> Iterator[Delivery]:
    """The requests as rows of `hotline.requests`, as they are once taken in and cut: for tests and benches without a store."""
    kinds = {one["name"]: one["kind"] for one in offices()}
    rows = ({**_row(one), "office_kind": kinds.get(one["office"])} for one in requests(scale, seed))
    yield "hotline.requests", f"{MARK}数据：诉求工单", Coverage((CITY.code,)), rows


# what a row of the table takes from an order as it is, and from its fields
SAME = ("number", "area", "topic", "urgency", "source", "office", "state", "late", "returns", "transfers")
FIELDS = ("wants", "spot", "finding", "reached", "responded", "solved", "satisfied", "called_on", "struck", "struck_for")


def _row(one: Row) -> dict[str, Any]:
    fields, topic = one["fields"], one["topic"].split("/")
    return {key: one[key] for key in SAME} | {key: fields.get(key) for key in FIELDS} | {
        "street": one["place"][:9], "community": one["place"], "topic_1": topic[0], "topic_2": "/".join(topic[:2]),
        "state_kind": "done" if one["state"] == "closed" else "void", "opened_on": one["opened_at"].date(),
        "due_on": one["due_at"].date() if one["due_at"] else None, "closed_on": one["closed_at"].date(),
        "extensions": 0, "helper": False}


def _classes() -> Iterator[Row]:
    for one in classes():
        yield {"area": CITY.code, "path": one.label, "words": " ".join(one.words), "urgency": URGENT.get(one.label, "ordinary"),
               "closed_on": None}


def _duties() -> Iterator[Row]:
    """The city's clauses; and of each district its departments', in one clause a class."""
    for number, (path, office, kind) in enumerate(DUTIES, 1):
        yield _duty(number, path, office if office == "属地街道乡镇" else f"{MARK}{office}", kind, CITY.code)
    own = [topic for topic in TOPICS if topic.to in DISTRICT_OFFICES]
    for number, topic in enumerate(own, len(DUTIES) + 1):
        yield from (_duty(number, topic.path, department(topic.to, code), "department", code) for code in DISTRICTS)


def _duty(number: int, path: str, office: str, kind: str, area: str) -> Row:
    return {"area": area, "path": path, "office": office, "office_kind": kind, "clause": f"{MARK}职责清单 第{number}条",
            "leads": True, "closed_on": None}


def _answers() -> Iterator[Row]:
    paths = {one.path[2]: one.label for one in classes()}
    for question, answer, leaf, words in ANSWERS:
        yield {"area": CITY.code, "question": question, "answer": f"{answer}（{MARK}）", "path": paths[leaf], "words": words,
               "source": f"{MARK}知识库", "until": None}


def _remedies(scale: int) -> Iterator[Row]:
    """The remedies of planted hot spots, finished on their day."""
    for number, one in enumerate((hot for hot in HOT if hot.remedy_on), 1):
        street, topic, done = streets()[one.street], TOPICS[one.topic], one.remedy_on
        assert done is not None  # for the types: filtered above
        until = done - PROPOSED_BEFORE
        before = sum(one.months[:until.month]) * (1 + scale // HOT_GROWS)
        yield {
            "number": f"WS2020{number:06}", "title": f"{one.spot}小微项目",
            "text": f"{one.spot}{one.matters[0]}等诉求集中，立项解决。（{MARK}）",
            "topic": topic.path, "urgency": "", "source": "未诉先办", "area": street.district, "place": street.code,
            "address": one.spot, "lng": None, "lat": None, "opened_at": _at(until), "closed_at": _at(done), "state": "done",
            "due_at": None, "late": False, "returns": 0, "transfers": 0, "office": street.name,
            "fields": {"form": "小微项目", "topic": topic.path, "spot": one.spot, "since": FIRST, "until": until,
                       "before": before, "done_on": done},
        }


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 17, tzinfo=SHANGHAI)


__all__ = ["FIRST", "LAST", "cuts", "deliveries", "offices", "orders"]
