"""Tests of figures, cites and questions."""
