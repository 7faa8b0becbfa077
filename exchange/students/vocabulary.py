"""Words of rosters and papers that the room understands and writes as offices do."""

from __future__ import annotations

# In a spreadsheet row these are no tick.
NO_TICK = (False, "false", "", "0", "нет", "жоқ", "no", "-", "–", "—")
NO_NUMBER = "б/н"  # as offices write it on papers
# The number of an order of cancellation when an entry is taken back at once: there is no paper, only a slip of the hand.
UNDO_NUMBER = "отмена ввода"
