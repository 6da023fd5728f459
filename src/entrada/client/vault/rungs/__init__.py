"""Who may keep the key of a vault: a file each.  `make` begins with it, `find` has it again; both raise NotHad."""
