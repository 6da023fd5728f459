"""The secrets that a verb of their own shows, to whoever may change what they belong to."""

from attrs import field, frozen


@frozen
class AuthorizationServerSecrets:
    client_secret: str | None = field(repr=False)
    resource_owner_password: str | None = field(repr=False)


@frozen
class ClientSecret:
    client_secret: str | None = field(repr=False)


@frozen
class ValueOfName:
    value: str = field(repr=False)


@frozen
class SubscriptionKeys:
    primary_key: str = field(repr=False)
    secondary_key: str = field(repr=False)
