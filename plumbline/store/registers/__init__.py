"""Registers: entries people look up, correct, take in from files; cut to Parquet when they changed."""
