"""Registers: entries people look up, correct, take in from files; cut to Parquet when they changed."""

from plumbline.store.registers.cutting import cut, thin
from plumbline.store.registers.editing import edit_many, retire, save
from plumbline.store.registers.entries import HIDDEN, told
from plumbline.store.registers.filters import remove_filter, save_filter
from plumbline.store.registers.intake import Change, Intake, check, take_in
from plumbline.store.registers.tables import Item, SavedFilter

__all__ = [
    "HIDDEN", "Change", "Intake", "Item", "SavedFilter", "check", "cut", "edit_many", "remove_filter", "retire",
    "save", "save_filter", "take_in", "thin", "told",
]
