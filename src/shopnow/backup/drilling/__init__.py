"""Rehearsals: a restore on a throw-away server, measured, and sabotaged to see it noticed."""
