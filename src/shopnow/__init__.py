"""ShopNow Marketplace: the data warehouse of a marketplace, as one product that can be run.

The rooms and the direction in which they may know each other are checked by
import-linter (pyproject.toml); a room is entered only through its `__init__`.
"""

import atexit
import gc
import os

# What polars frees is taken again for the next chunk a moment later: given back to the system
# meanwhile, a tenth of a load's time would go into getting it back.  It has to be said before
# polars is imported.
os.environ.setdefault("_RJEM_MALLOC_CONF", "dirty_decay_ms:5000,muzzy_decay_ms:5000")

# While polars works on a chunk, a thread of ours reads the next one or a server takes the last one
# in: one processor is theirs.  It has to be said before polars is imported, too.
os.environ.setdefault("POLARS_MAX_THREADS", str(max(1, (os.cpu_count() or 1) - 1)))

__version__ = "0.1.0"

# What imports make, 120,000 objects, stays to the end.  Looking for garbage in it again and again,
# and once more at the exit, took a quarter of the time of a command that has little to do.
gc.set_threshold(150_000)
atexit.register(gc.freeze)
# numpy would start threads for a linear algebra that nobody here asks for.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
