"""Policies: drafted with their clauses, approved by other eyes, published as frozen editions, matched against a roll."""
