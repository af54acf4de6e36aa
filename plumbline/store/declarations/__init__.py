"""What officials declare in a form: ledgers, their indicators, sentences; versioned, never altered."""

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
from plumbline.store.declarations.tables import INDICATOR, SENTENCE, TABLE, Declaration
from plumbline.store.declarations.writing import (
    declare_indicator,
    declare_sentence,
    declare_table,
    indicator_checked,
    restore,
    retire,
)

__all__ = [
    "INDICATOR", "SENTENCE", "SYSTEM", "TABLE", "Declaration", "area_in", "as_counted", "as_list", "as_mapping", "catalog",
    "declare_indicator", "declare_sentence", "declare_table", "free_key", "has_rows", "incompatible", "indicator_checked",
    "indicator_of", "latest", "open_to", "restore", "retire", "retired", "sentence_of", "table_findings", "table_of", "true",
]
