"""Which new passwords are good enough.  NIST SP 800-63B-4 §3.1.1: length, not composition."""

MIN_LENGTH = 12
MAX_LENGTH = 256


def fault(password: str, user_principal_name: str) -> str | None:
    """What is wrong with a new password, as a sentence; None when nothing is."""
    if len(password) < MIN_LENGTH:
        return f"The password needs at least {MIN_LENGTH} characters."
    if len(password) > MAX_LENGTH:
        return f"The password may have at most {MAX_LENGTH} characters."
    name = user_principal_name.partition("@")[0].casefold()
    if name and len(name) > 2 and name in password.casefold():
        return "The password must not contain the user name."
    if len(set(password)) < 5:
        return "The password repeats too few characters."
    return None
