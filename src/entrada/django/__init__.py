"""Sign people in to a Django project, and protect its APIs: the words of `entrada.fastapi` and `entrada.flask`.

Nothing is imported with it: Django loads an application's parts when it is ready for them.
"""
