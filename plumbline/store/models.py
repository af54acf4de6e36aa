"""The tables, gathered where Django looks for them."""

from plumbline.store.batches.tables import Batch
from plumbline.store.declarations.tables import Declaration
from plumbline.store.deliveries.tables import Delivery
from plumbline.store.documents.tables import Check, Claim, Document
from plumbline.store.drafts.tables import Draft, DraftLine, DraftVersion
from plumbline.store.figures.tables import Cite, CiteFigure, Figure, Question, Reply, Run
from plumbline.store.grants.tables import Award, BankAccount, Budget, BudgetChange, ClawBack, PaymentLine, PaymentRun
from plumbline.store.journal.tables import Entry, Head
from plumbline.store.orders.tables import (
    Asker,
    Attachment,
    ClockEvent,
    Extension,
    Notice,
    Numbering,
    Order,
    OrderMove,
    OrderNote,
    Webhook,
    WebhookDelivery,
)
from plumbline.store.parties.tables import Binding, Preference, Push, Pushing, Statement
from plumbline.store.people.tables import AccessKey, Knock, Office, User
from plumbline.store.plans.tables import Answer, Commitment, Pairing, Problem, Share, Target
from plumbline.store.policies.tables import Policy, PolicyClause, PolicyMatch, PolicyVersion
from plumbline.store.registers.tables import Chunk, Cut, Item, Kept, SavedFilter
from plumbline.store.rolls.tables import Correction, Leaf, Overlay, Roll, Step

__all__ = [
    "AccessKey", "Answer", "Asker", "Attachment", "Award", "BankAccount", "Batch", "Binding", "Budget", "BudgetChange", "Check",
    "Chunk", "Cite", "CiteFigure", "Claim", "ClawBack", "ClockEvent", "Commitment", "Correction", "Cut", "Declaration",
    "Delivery", "Document", "Draft", "DraftLine", "DraftVersion", "Entry", "Extension", "Figure", "Head", "Item", "Kept",
    "Knock", "Leaf", "Notice", "Numbering", "Office", "Order", "OrderMove", "OrderNote", "Overlay", "Pairing", "PaymentLine",
    "PaymentRun", "Policy", "PolicyClause", "PolicyMatch", "PolicyVersion", "Preference", "Problem", "Push", "Pushing",
    "Question", "Reply", "Roll", "Run", "SavedFilter", "Share", "Statement", "Step", "Target", "User", "Webhook",
    "WebhookDelivery",
]
