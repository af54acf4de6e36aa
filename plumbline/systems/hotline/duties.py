"""Who has which duty: an entry of the duties list, and an invented list for a house that has none yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# in place of an office's name: the street or town the request lies in
STREET_OF_PLACE = "属地街道乡镇"


@dataclass(frozen=True, slots=True)
class Duty:
    """One entry.

    path    the class it is about: its first level, the first two, or all three; the longest that fits counts
    office  name of the office, or STREET_OF_PLACE
    clause  where the list says so
    area    code of the area it holds for; "" everywhere
    leads   whether it receives first where several have the duty (首接负责)
    """

    path: str
    office: str
    clause: str
    area: str = ""
    leads: bool = True

    def fits(self, path: str, area: str) -> bool:
        """Whether it is about a class, or a wider one that holds it, in an area (of any number of digits).

        >>> Duty("环境保护", "生态环境局", "第1条", "110000").fits("环境保护/环境污染/水污染", "110105001")
        True
        """
        here = not self.area or area.startswith(self.area) or (self.area[2:] == "0000" and area.startswith(self.area[:2]))
        return here and (path == self.path or path.startswith(f"{self.path}/"))


def duties_from(rows: Iterable[Mapping[str, Any]]) -> tuple[Duty, ...]:
    """Entries in use of the register `hotline.duties`."""
    return tuple(duty_of(row) for row in rows if not row["closed_on"])


def duty_of(row: Mapping[str, Any]) -> Duty:
    """An entry of the register; what it does not say is empty, and it leads unless it says no."""
    path, office, clause, area = (str(row.get(name) or "") for name in ("path", "office", "clause", "area"))
    return Duty(path, office, clause, area, row.get("leads") is not False)


_LINES = """
城乡建设 住房城乡建设局
城乡建设/住房保障与房地产/物业服务 属地街道乡镇
城乡建设/住房保障与房地产/住房公积金 住房公积金中心
城乡建设/住房保障与房地产/房产证登记、办理 不动产登记中心
城乡建设/城市建设和市政管理 城市管理委
城乡建设/城市建设和市政管理/自来水供应 供水企业
城乡建设/城市建设和市政管理/燃气供应 燃气企业
城乡建设/城市建设和市政管理/冬季采暖 供热企业
城乡建设/城市建设和市政管理/电力供应 供电企业
城乡建设/城市建设和市政管理/公共汽车 交通运输局
城乡建设/城市建设和市政管理/地铁城铁 交通运输局
城乡建设/城市建设和市政管理/城管执法 属地街道乡镇
城乡建设/城市建设和市政管理/园林绿化环卫 属地街道乡镇
城乡建设/城乡规划 规划和自然资源局
城乡建设/城乡规划/违章建筑 属地街道乡镇
城乡建设/房屋征收与补偿 属地街道乡镇
交通运输 交通运输局
交通运输/邮政管理 邮政管理局
环境保护 生态环境局
教育文体 教育局
教育文体/体育 体育局
教育文体/文化 文化和旅游局
教育文体/文物管理 文物局
劳动和社会保障 人力资源社会保障局
劳动和社会保障/城镇职工社会保险/职工医疗保险 医疗保障局
劳动和社会保障/城镇居民社会保险/新农村合作医疗 医疗保障局
商贸旅游 市场监督管理局
商贸旅游/商业贸易 商务局
商贸旅游/旅游管理 文化和旅游局
卫生计生 卫生健康委
卫生计生/食品药品监管 市场监督管理局
农村农业 农业农村局
农村农业/水利水电 水务局
国土资源 规划和自然资源局
民政 民政局
民政/优抚 退役军人事务局
政法/户籍证件 公安局
政法/交通管理 公安局
政法/社会治安 公安局
政法/诉讼 司法局
科技与信息产业/电信 通信管理局
经济管理/金融财税 金融工作局
"""
STARTING = tuple(Duty(path, office, f"起步职责清单（虚构） 第{number}条") for number, (path, office) in enumerate(
    (line.split() for line in _LINES.strip().splitlines()), 1))
