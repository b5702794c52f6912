"""Giving back: a warehouse, or a part of it, beside the live one, compared, then swapped."""
