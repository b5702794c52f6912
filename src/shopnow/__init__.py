"""ShopNow Marketplace: the data warehouse of a marketplace, as one product that can be run.

The rooms and the direction in which they may know each other are checked by
import-linter (pyproject.toml); a room is entered only through its `__init__`.
"""

__version__ = "0.1.0"
