"""Sign people in with `entrada.django`, call Graph and the Colors API for them, renew their tokens, sign them out."""
