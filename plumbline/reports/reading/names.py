"""Digits that are no figure: dates, list numbers, names of things, grades and classes.

Each rule gives the kind of name it saw; a number that no rule claims is a figure.
"""

import re

from plumbline.kernel import unit
from plumbline.reports.reading.numbers import Number

_DATES = re.compile(
    r"(?:19|20)\d\d(?:年|(?=[-/.]\d{1,2}[-/.]\d)|-(?=(?:19|20)\d\d))(?:度)?(?:-|至|~|到|、)?(?:(?:19|20)?\d{2,4}年)?|"
    r"(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}月(?:\d{1,2}[日号])?|\d{1,2}(?:月)?(?:-|至|~|到|"
    r"、)\d{1,2}月(?:\d{1,2}[日号])?|"
    r"\d{1,2}[日号](?=上午|下午|晚|凌晨|起|至|召开|前|零时)|\d{1,2}[:：]\d\d|\d{1,2}时\d{1,2}分|"
    r"[前1-4一]?-?[1-4]季度")
_LIST = re.compile(
    r"(?:^|[。；：，”\s])\s?(?:（(\d{1,2})）|(\d{1,2})[.、）](?!\d))|第(\d+)(?![\d.]*[%个百])|"
    r"（(\d{1,2})）(?=[一-鿿“])")
_QUOTED = re.compile(r"[“‘\"]([^“”‘’\"]{1,24})[”’\"]|《([^》]*)》|〔([^〕]*)〕|［([^］]*)］")
_NAME_AFTER = re.compile(
    r"号线|号楼|号院|号台风|号文|[号版期]|[.]\d|年期|周年|届|大队|[a-zA-Z]|\+(?![一-鿿])|（20\d\d|工程大学|"
    r"级以上|[×x*]\d|"
    r"分制|分位|公里圈|分钟(?:生活圈|便民|服务圈|城市|社区|步行|交通圈|养老|健身|可达|达)|小时(?:经济圈|交通圈|"
    r"通勤圈|都市圈|飞行圈|值守|"
    r"在线|不间断|专人|服务|值班|营业|应急|自助|全天|监测|监控|受理|热线|开放|轮)|年(?:行动|规划|计划|发展|"
    r"攻坚|提升|滚动|任务|"
    r"方案|制|前|以来|间|一遇|期|左右的历史)|天(?:攻坚|行动|大会战)|日(?:攻坚|行动)|岁(?:以上|以下|及以|老|人|"
    r"儿|男|女|至|-|~)|"
    r"户(?:联)|度(?:全景|电)|级(?:以上|及以上|大风|地震|甲|公路|医|景区|联动|响应)|强(?:企业|县|区|市|榜|企|的|"
    r"城)|类(?:人群|水质|及)|"
    r"平方公里(?:起步区|示范区|核心区|启动区)")
_NAME_BEFORE = re.compile(
    r"[a-zA-Z](?:-)?$|第$|[Nn][Oo]\.?$|[×x*]$|[a-zA-Z]\.$|(?<![底年月日提])前$|每$|(?:国道|省道|县道|热线|电话|"
    r"邮编|编号|代码|国六|Type|top)$|"
    r"(?<=[\d%])/$|[:：]$(?<=\d[:：])")
_CLASS_AFTER = re.compile(r"(?:及?以上|及?以下|以内|级|左右)的?(?=[一-鿿])")
_CLASS_OF = re.compile(
    r"的?[^，。；\d]{0,8}(?:项目|企业|楼宇|集群|园区|街区|县区|县市|[县区镇村]|街道)(?:达到?|有|共)?\d|"
    r"^(?:项目|企业|产业|集群|楼宇)")
_DURATION_FACT_BEFORE = re.compile(
    r"(?:缩短|压缩|减少|压减|控制|降低|提高|延长|增加|缩减|降)(?:至|到|在|为)?了?(?:约|近|超过?)?$|(?:用时|"
    r"仅用|耗时|历时|提前|连续|为期|平均|"
    r"由|从|(?:由|从)[^，。；]{0,8}的|达到?|累计|约|近|超过?|不少于|不超过|时间|时长|寿命|间隔|时限|期限|为|是|"
    r"不足|突破|需|只需|仅需|学时|"
    r"间距|龄|第|至|到|跑进)$")
_DURATION_FACT_AFTER = re.compile(
    r"(?:以?内|之内|以上|左右)(?!的?(?:企业|项目|人员|期))|来?(?:首次|最[高低好多快大小长]|以来最|来首|来最)|"
    r"(?:间隔|时间|位于|保持|高于|低于|"
    r"达到|居|零|稳居|蝉联|增长|上升|下降|回升)|[。，；、）]|$")
_ORDINAL_RANK = re.compile(
    r"(?:居|列|位|排|名|排名|位次|位居|位列|名列|排在|排位|跃居|升至|上升至|跃升至|前移至|进入|保持|稳居|蝉联)"
                           r"[^，。；]{0,22}(?:第|前)$")
LONGEST_SERIES = 160  # letters of a series of numbers whose unit stands behind the last
_RATIO = re.compile(r"(?<!\d)\d+(?:\.\d+)?(?::|：|∶|比)\d+(?:\.\d+)?(?:(?::|：|∶|比)\d+(?:\.\d+)?)?")


class Names:
    """What of one block's digits is no figure; built once a block."""

    def __init__(self, text: str):
        self.text = text
        self.dates = [match.span() for match in _DATES.finditer(text)]
        self.lists = [match.span(match.lastindex or 0) for match in _LIST.finditer(text)
                      if match.lastindex and not _rank_context(text, match.start(match.lastindex))]
        self.quotes = [match.span() for match in _QUOTED.finditer(text)]
        self.ratios = [match.span() for match in _RATIO.finditer(text)]

    def kind(self, number: Number) -> str | None:
        """The kind of name a number is part of (`date`, `list`, `quoted`, …), or None for a figure."""
        if _inside(self.dates, number) and not (number.unit and number.unit not in ("年", "日", "月")):
            return "date"
        if _inside(self.lists, number):
            return "list"
        if self._quoted(number):
            return "quoted"
        if number.numeral:
            return None
        return self._name(number)

    def rank(self, number: Number) -> bool:
        """Whether the number says a place in an order: 居全省第9位, 进入前20位."""
        return _rank_context(self.text, number.start)

    def ratio(self, number: Number) -> tuple[int, int] | None:
        """The span of the ratio (5.1:38.2:56.7) a number is part of."""
        return next(((a, b) for a, b in self.ratios if a <= number.start < b), None)

    def _quoted(self, number: Number) -> bool:
        for start, end in self.quotes:
            if start < number.start and number.end < end:
                return self.text[start] != "“" or end - start <= 16 or self.text[start] in "《〔［"
        return False

    def _name(self, number: Number) -> str | None:
        text = self.text
        if self.rank(number):
            return None
        if self.ratio(number):
            return "ratio"
        before = text[max(0, number.start - 8):number.start]
        if _NAME_BEFORE.search(before):
            return "name"
        digits_end = number.unit_start if number.unit else number.end
        if _NAME_AFTER.match(text, digits_end) and not _money(number):
            return "name"
        if number.unit in unit.DURATIONS and not self._lasts(number, before):
            return "duration"
        if self._class(number):
            return "class"
        return None if number.unit or self._bare(number) else "no unit"

    def _lasts(self, number: Number, before: str) -> bool:
        """A duration is a figure only where something is said to take, last or precede by it."""
        if number.unit == "年" and 1900 <= number.value <= 2100 and number.multiplier == "":
            return False
        return bool(_DURATION_FACT_BEFORE.search(before) or number.bound != "="
                    or _DURATION_FACT_AFTER.match(self.text, number.end))

    def _class(self, number: Number) -> bool:
        """A limit that names a class (2000万元以上项目120个), a grade of a thing (220千伏变电站)."""
        after = self.text[number.end:number.end + 12]
        if after.startswith("级") and number.unit not in ("%", "元", ""):
            return True
        if number.unit in unit.GRADES and re.match("[一-鿿]", after) and not re.match("以[上下内]|左右", after):
            return True
        if _money(number) and number.unit != "%" and re.match(r"(?:以上|以下)?\d+(?:家|个|项|幢|户|栋|宗)", after):
            return True
        if self.text[number.start - 1:number.start] in ("过", "超") and _CLASS_OF.match(after):
            return True
        if number.unit == "%" or not _CLASS_AFTER.match(after):
            return False
        clause = re.split("[，。；]", self.text[number.post_end:], maxsplit=1)[0]
        return bool(re.match(r"的?(?:[^、]{1,12}?)(?:\d|达到|完成|实现|增长|占|总数|数量)", clause)
                    or (_money(number) and re.match(r"以上的?[^，、。\d]{0,8}(?:企业|项目)", after))
                    or re.match(
                        r"的?(?:企业|项目|工业|产业|人群|老年|人口|大型|中型|学校|医院|燃煤|锅炉|客户|用户)", clause))

    def _bare(self, number: Number) -> bool:
        """A number without a unit counts as money in 万 or 亿, in a series that ends in a unit, or after 率为."""
        if number.multiplier in ("亿", "万亿", "千亿", "百亿", "万"):
            return True
        tail = re.match(
            r"(?:、|和|与|及)(?:\d+(?:\.\d+)?(?:、|和|与|及))*\d+(?:\.\d+)?(?:万|亿)*[一-鿿%]",
            self.text[number.end:number.end + LONGEST_SERIES])
        return bool(tail) or bool(re.search(
            r"(?:指数|指标值|系数|得分|评分)(?:为|达|达到|是)?$", self.text[max(0, number.start - 8):number.start]))


def _inside(spans: list[tuple[int, int]], number: Number) -> bool:
    return any(start <= number.start < end for start, end in spans)


def _rank_context(text: str, position: int) -> bool:
    return bool(_ORDINAL_RANK.search(text, max(0, position - 36), position))


def _money(number: Number) -> bool:
    return number.unit.endswith("元") or number.unit in ("%", "百分点")
