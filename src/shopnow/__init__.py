"""ShopNow Marketplace: the data warehouse of a marketplace, as one product that can be run.

The rooms and the direction in which they may know each other are checked by
import-linter (pyproject.toml); a room is entered only through its `__init__`.
"""

import atexit
import gc

__version__ = "0.1.0"

# What imports make stays to the end.  Looking for garbage in it again and again, and once more
# at the exit, took a quarter of the time of a command that has little to do.
gc.set_threshold(20_000)
atexit.register(gc.freeze)
