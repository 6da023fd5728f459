"""People: the users, groups and directory roles of a tenant."""

from entrada.server.web.portal.people.routes import routes

__all__ = ["routes"]
