"""What every site needs of HTTP: cookies, CSRF, Content-Security-Policy, error pages."""
