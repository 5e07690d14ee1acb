"""One file per contest format. Each has KIND, LABEL, SUITS (whom it suits) and `entries`,
which turns what each entrant did inside the window into scores to rank."""
