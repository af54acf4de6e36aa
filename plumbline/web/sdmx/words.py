"""What the door publishes, as SDMX names it: artefacts, their items and components, in Chinese and English."""

import re
from dataclasses import dataclass

AGENCY, VERSION = "PLUMBLINE", "1.0"
FIGURES = "FIGURES"
_UNHELD = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Words:
    """A name in Chinese, and in English where there is one."""

    zh: str
    en: str = ""

    @property
    def languages(self) -> dict[str, str]:
        """The names by language."""
        return {"zh": self.zh} | ({"en": self.en} if self.en else {})

    def best(self, language: str) -> str:
        """The name in a language; in Chinese where there is none."""
        return self.languages.get(language, self.zh)


@dataclass(frozen=True, slots=True)
class Item:
    """A code, a concept or an agency."""

    id: str
    name: Words
    about: Words | None = None


@dataclass(frozen=True, slots=True)
class Scheme:
    """A list of items: `kind` is codelist, conceptscheme or agencyscheme."""

    kind: str
    id: str
    name: Words
    items: tuple[Item, ...] = ()
    agency: str = AGENCY
    partial: bool = False


@dataclass(frozen=True, slots=True)
class Component:
    """A dimension, the measure or an attribute; its concept has the same id.

    codes     id of its codelist; empty where it is not coded
    type      data type of SDMX where it is not coded
    required  an observation always has it
    """

    id: str
    name: Words
    codes: str = ""
    type: str = "String"
    required: bool = False


DIMENSIONS = (
    Component("FREQ", Words("频度", "Frequency"), "CL_FREQ"),
    Component("INDICATOR", Words("指标", "Indicator"), "CL_INDICATOR"),
    Component("REF_AREA", Words("地区", "Reference area"), "CL_AREA"),
    Component("PART", Words("分组", "Part of the whole"), "CL_PART"),
)
TIME = Component("TIME_PERIOD", Words("时期", "Time period"), type="ObservationalTimePeriod")
MEASURE = Component("OBS_VALUE", Words("数值", "Observation value"), type="Decimal")
ATTRIBUTES = (
    Component("UNIT_MEASURE", Words("计量单位", "Unit of measure"), required=True),
    Component("UNIT_MULT", Words("单位的十的次方", "Power of ten of the unit"), type="Integer", required=True),
    Component("OBS_STATUS", Words("数值状态", "Observation status"), "CL_OBS_STATUS", required=True),
    Component("MISSING", Words("缺数原因", "Why there is no value"), "CL_MISSING"),
    Component("SIMULATED", Words("模拟数据", "Counted from invented records"), type="Boolean", required=True),
    Component("DECIMALS", Words("小数位数", "Digits behind the point"), type="Integer"),
    Component("COUNTED", Words("记录数", "Records counted"), type="Long"),
    Component("UNKNOWN", Words("无法判断的记录数", "Records that cannot be judged"), type="Long"),
    Component("NUMERATOR", Words("分子", "Numerator"), type="Decimal"),
    Component("DENOMINATOR", Words("分母", "Denominator"), type="Decimal"),
    Component("REPLACED", Words("已有更新的数，还没有公开", "A newer figure stands that the asker may not see"), type="Boolean",
              required=True),
    Component("PERIOD", Words("本系统的时期写法", "Period in the publisher's notation"), required=True),
    Component("PUBLISHED_AT", Words("公布时间", "Time of publication"), type="StandardTimePeriod", required=True),
    Component("RUN", Words("公布批次", "Run of publication"), type="Long", required=True),
)
COMPONENTS = (*DIMENSIONS, TIME, MEASURE, *ATTRIBUTES)
STRUCTURE_NAME = Words("公布的数值", "Published figures")
ABOUT = Words("由记录计算并公布的现行数值；占比以小数表示，UNIT_MULT 说明与计量单位的关系。",
              "Current figures counted from records; shares are decimals, UNIT_MULT says how they relate to the unit.")
CLASSES = {"codelist": ("codelist", "Codelist"), "conceptscheme": ("conceptscheme", "ConceptScheme"),
           "agencyscheme": ("base", "AgencyScheme"), "datastructure": ("datastructure", "DataStructure"),
           "dataflow": ("datastructure", "Dataflow")}
ITEMS = {"codelist": "Code", "conceptscheme": "Concept", "agencyscheme": "Agency"}


def clean(text: str) -> str:
    """A text without the characters that XML cannot hold.

    >>> clean("甲\\x00乙")
    '甲\ufffd乙'
    """
    return _UNHELD.sub("\ufffd", text)


def urn(kind: str, identity: str, agency: str = AGENCY) -> str:
    """The urn of an artefact.

    >>> urn("codelist", "CL_FREQ")
    'urn:sdmx:org.sdmx.infomodel.codelist.Codelist=PLUMBLINE:CL_FREQ(1.0)'
    """
    package, name = CLASSES[kind]
    return f"urn:sdmx:org.sdmx.infomodel.{package}.{name}={agency}:{identity}({VERSION})"


def concept_urn(identity: str) -> str:
    """The urn of a concept of ours."""
    return f"urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept={AGENCY}:CONCEPTS({VERSION}).{identity}"
