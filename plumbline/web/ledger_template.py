"""The empty xlsx of a table: heads with notes, choices to pick from, dates and numbers held to their kind."""

import io

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from plumbline.kernel import AREAS, TYPES, Column, Table, inside

# rows that are held to their column's kind
FILLED = 5_000
LISTS = "可选值"
NUMBER_FORMS = {"date": "yyyy-mm-dd", "integer": "0", "text": "@"}
REQUIRED, OPTIONAL = PatternFill("solid", fgColor="DCE6F1"), PatternFill("solid", fgColor="F2F2F2")
TRUTH = ("是", "否")


def blank(table: Table, area: str = "") -> bytes:
    """The bytes of the xlsx; `area` narrows the areas to pick from to those inside it."""
    book = Workbook()
    page = book.active
    assert isinstance(page, Worksheet)
    page.title = "数据"
    lists = book.create_sheet(LISTS)
    lists.sheet_state = "hidden"
    for at, column in enumerate([one for one in table.columns if not one.derived], 1):
        _head(page, at, table, column)
        _held(page, lists, at, column, _offered(table, column, area))
    page.freeze_panes = "A2"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _head(page: Worksheet, at: int, table: Table, column: Column) -> None:
    cell = page.cell(1, at, column.label)
    cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="center")
    cell.fill = REQUIRED if column.required else OPTIONAL
    cell.comment = Comment(note(table, column), "准绳", width=240, height=120)
    letter = get_column_letter(at)
    page.column_dimensions[letter].width = max(12, 2 * len(column.label) + 4)
    # the format of the whole column, not of thousands of empty cells
    page.column_dimensions[letter].number_format = NUMBER_FORMS.get(column.type, "General")


def note(table: Table, column: Column) -> str:
    """What a person filling a column should know."""
    told = [f"{TYPES[column.type]}，{'必填' if column.required else '可以空着'}"]
    told += [f"单位：{column.unit}"] if column.unit else []
    told += [f"最多 {column.scale} 位小数"] if column.type == "decimal" else []
    told += ["区划代码，如 110112"] if column.key == table.area else []
    told += ["写作 2020-06-30"] if column.type == "date" else []
    told += ["指明一行，不可重复"] if table.identity == (column.key,) else []
    told += ["个人信息"] if column.personal else []
    return "；".join([*told, *([column.meaning] if column.meaning else [])])


def _offered(table: Table, column: Column, area: str) -> tuple[str, ...]:
    if column.key == table.area:
        return tuple(one.code for one in AREAS if not area or inside(one.code, area))
    return TRUTH if column.type == "boolean" else column.choices


def _held(page: Worksheet, lists: Worksheet, at: int, column: Column, offered: tuple[str, ...]) -> None:
    """What may be typed in a column, as the spreadsheet itself says it."""
    rule = None
    if offered:
        letter = get_column_letter(at)
        for row, value in enumerate(offered, 1):
            lists.cell(row, at, value).number_format = "@"
        cells = f"{quote_sheetname(LISTS)}!${letter}$1:${letter}${len(offered)}"
        rule = DataValidation("list", cells, allow_blank=not column.required)
        rule.error = "请从下拉框中选择。"
    elif column.type == "date":
        rule = DataValidation("date", operator="greaterThan", formula1="1", error="请写日期，如 2020-06-30。")
    elif column.type == "integer":
        rule = DataValidation("whole", operator="between", formula1="-999999999999999", formula2="999999999999999",
                              error="请写整数。")
    elif column.type == "decimal":
        rule = DataValidation("decimal", operator="between", formula1="-999999999999999", formula2="999999999999999",
                              error="请写数字。")
    if rule:
        rule.showErrorMessage = True
        letter = get_column_letter(at)
        rule.add(f"{letter}2:{letter}{FILLED + 1}")
        page.add_data_validation(rule)
