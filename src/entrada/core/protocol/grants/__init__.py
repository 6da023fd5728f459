"""One file per grant: redeem what was presented, or say why not.  RFC 6749 §4, §6."""
