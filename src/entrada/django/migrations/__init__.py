"""The tables of `entrada.django`, by `manage.py migrate`."""
