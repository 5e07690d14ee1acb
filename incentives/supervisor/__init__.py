"""`bin/run`: starts everything one machine needs, keeps it alive and ends it again."""
