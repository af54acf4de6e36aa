"""What officials declare in a form: ledgers, their indicators, sentences; versioned, never altered."""

from plumbline.store.declarations.amending import (
    dated_from,
    days_from,
    declare_order,
    declare_parameter,
    declare_year,
    year_of,
)
from plumbline.store.declarations.checking import incompatible, table_findings, true
from plumbline.store.declarations.reading import (
    SYSTEM,
    area_in,
    as_counted,
    as_list,
    as_mapping,
    catalog,
    free_key,
    has_rows,
    indicator_of,
    latest,
    open_to,
    retired,
    sentence_of,
    table_of,
)
from plumbline.store.declarations.tables import INDICATOR, ORDER, PARAMETER, SENTENCE, TABLE, YEAR, Declaration
from plumbline.store.declarations.writing import (
    declare_indicator,
    declare_sentence,
    declare_table,
    indicator_checked,
    restore,
    retire,
)

__all__ = [
    "INDICATOR", "ORDER", "PARAMETER", "SENTENCE", "SYSTEM", "TABLE", "YEAR", "Declaration", "area_in", "as_counted", "as_list",
    "as_mapping", "catalog", "dated_from", "days_from", "declare_indicator", "declare_order", "declare_parameter",
    "declare_sentence", "declare_table", "declare_year", "free_key", "has_rows", "incompatible", "indicator_checked",
    "indicator_of", "latest", "open_to", "restore", "retire", "retired", "sentence_of", "table_findings", "table_of", "true",
    "year_of",
]
