"""Rows as people and systems hand them in: read, checked cell by cell, written as Parquet; and where these lie.

    csv, xlsx, jsonl, parquet -> Sheet -> Reading -> batches, registers

A batch keeps rows as they were sent; a register takes them in as entries. Both are read and checked here.
"""
