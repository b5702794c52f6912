-- Purpose: the register is written anew from its declaration.
-- Grain: none.
DELETE FROM privacy.processing
