"""Somebody who is signed in to us in this browser: the session of the portal and the console, and their forms."""
