"""Policies: drafted with their clauses, approved by other eyes, published as frozen editions, matched against a roll."""

from plumbline.store.policies.editing import add_clause, confirm_condition, draft, drop_clause, edit, propose, writes
from plumbline.store.policies.handing import approve, end, give_back, give_up, revise, submit
from plumbline.store.policies.matching import Matched, begin, fail, keep, mark_of, stale, tell
from plumbline.store.policies.rules import AREA, published, rule_body, rule_key, rules_of, rules_of_all, rules_read
from plumbline.store.policies.tables import (
    CLAUSE_STATES,
    POLICY_STATES,
    PUBLIC,
    WAYS,
    Policy,
    PolicyClause,
    PolicyMatch,
    PolicyVersion,
)

__all__ = [
    "AREA", "CLAUSE_STATES", "POLICY_STATES", "PUBLIC", "WAYS", "Matched", "Policy", "PolicyClause", "PolicyMatch",
    "PolicyVersion", "add_clause", "approve", "begin", "confirm_condition", "draft", "drop_clause", "edit", "end", "fail",
    "give_back", "give_up", "keep", "mark_of", "propose", "published", "revise", "rule_body", "rule_key", "rules_of",
    "rules_of_all", "rules_read", "stale", "submit", "tell", "writes",
]
