"""The portal: what administrators, and owners of applications, do by mouse.  Pages over the administering use cases."""

from entrada.server.web.portal.routes import routes

__all__ = ["routes"]
