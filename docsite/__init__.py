"""The documents of `docs/` as a site that works offline: pages made, navigation, links judged."""
