"""Pages of orders of any kind: list, page, inbox, board, forms, notices, settings."""
