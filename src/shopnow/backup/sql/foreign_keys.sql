-- Purpose: enforced foreign keys that touch some tables, on either side. Grain: one foreign key.
-- Parameter: names (of tables).
SELECT
    k.conname AS name,
    k.conrelid::regclass::text AS child,
    k.confrelid::regclass::text AS parent,
    (
        SELECT array_agg(a.attname ORDER BY o.place)
        FROM unnest(k.conkey) WITH ORDINALITY AS o (attnum, place)
        INNER JOIN pg_attribute AS a
            ON a.attrelid = k.conrelid AND o.attnum = a.attnum
    ) AS child_columns,
    (
        SELECT array_agg(a.attname ORDER BY o.place)
        FROM unnest(k.confkey) WITH ORDINALITY AS o (attnum, place)
        INNER JOIN pg_attribute AS a
            ON a.attrelid = k.confrelid AND o.attnum = a.attnum
    ) AS parent_columns
FROM pg_constraint AS k
WHERE
    k.contype = 'f'
    AND k.conenforced
    AND k.conparentid = 0
    AND (
        k.conrelid::regclass::text = ANY(%(names)s::text[])
        OR k.confrelid::regclass::text = ANY(%(names)s::text[])
    )
