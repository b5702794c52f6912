-- Purpose: the settings under which the floor and the warehouse ran. Grain: a setting.
-- Parameters: names.
SELECT
    name,
    current_setting(name) AS setting
FROM pg_settings
WHERE name = ANY(%(names)s)
ORDER BY name;
