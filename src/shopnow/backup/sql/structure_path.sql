-- Purpose: definitions name every object with its schema, whatever the session's path.
SET LOCAL search_path = ''
