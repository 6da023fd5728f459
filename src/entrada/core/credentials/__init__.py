"""The rules of passwords and lockout; hashers are passed in."""
