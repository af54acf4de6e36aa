"""Areas by GB/T 2260 code: the city, its districts, and whose records a person may see."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Area:
    """An administrative area; `code` by GB/T 2260, `short` its name without 市, 区, `also` its names by function."""

    code: str
    name: str
    also: tuple[str, ...] = ()

    @property
    def short(self) -> str:
        """通州 for 通州区."""
        return self.name.rstrip("市区县") if len(self.name) > 2 else self.name


CITY = Area("110000", "北京市")
# GB/T 2260 as of 2023, 北京市
AREAS = (
    CITY,
    Area("110101", "东城区"), Area("110102", "西城区"), Area("110105", "朝阳区"),
    Area("110106", "丰台区"), Area("110107", "石景山区"), Area("110108", "海淀区"),
    Area("110109", "门头沟区"), Area("110111", "房山区"),
    # 北京城市总体规划（2016年—2035年）: 北京城市副中心
    Area("110112", "通州区", ("城市副中心", "副中心")),
    Area("110113", "顺义区"), Area("110114", "昌平区"), Area("110115", "大兴区"),
    Area("110116", "怀柔区"), Area("110117", "平谷区"), Area("110118", "密云区"),
    Area("110119", "延庆区"),
    # invented, for the example report; GB/T 2260 gives no code that begins with 99
    Area("990000", "示例市"), Area("990101", "云溪区"),
)
BY_CODE = {area.code: area for area in AREAS}


def area_of(text: str) -> Area | None:
    """The area a title or name is about: the most particular one it names, else None."""
    named = [area for area in AREAS if area.name in text]
    if not named:
        return None
    return max(named, key=lambda area: (not area.code.endswith("0000"), len(area.name)))


def full_name(area: Area) -> str:
    """Name of an area behind that of the city it lies in.

    >>> full_name(BY_CODE["110112"]), full_name(CITY)
    ('北京市通州区', '北京市')
    """
    city = BY_CODE.get(f"{area.code[:2]}0000", area)
    return area.name if city == area else f"{city.name}{area.name}"


def area_name(code: str) -> str:
    """Name of an area for people; the code itself where it is not known."""
    return BY_CODE[code].name if code in BY_CODE else code


def scope(code: str) -> str:
    """Prefix of all codes inside an area: `11` for the city, `110112` for a district, nine digits for a street.

    >>> scope("110000"), scope("110112"), scope("110112010000")
    ('11', '110112', '110112010')
    """
    for length in (9, 6, 4, 2):
        if not code[length:].strip("0"):
            code = code[:length]
    return code


def inside(code: str, outer: str) -> bool:
    """Whether area `code` lies in area `outer` (or is it)."""
    return bool(outer) and code.startswith(scope(outer))
