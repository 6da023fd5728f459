"""The nouns of a tenant, under the names Microsoft Graph gives them."""
