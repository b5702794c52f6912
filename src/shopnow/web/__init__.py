"""The pages: what operators, staff and sellers see in a browser; a door, it decides nothing.

Every page is read under the database role of the person who asks, so that row policies and rights
bind the pages as they bind SQL clients.
"""

from __future__ import annotations

from shopnow.web.app import create_app
from shopnow.web.serving import serve, watching

__all__ = ["create_app", "serve", "watching"]
