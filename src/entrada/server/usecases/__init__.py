"""What entrada does, one verb phrase a file: gather facts, decide in the core, commit the effects."""
