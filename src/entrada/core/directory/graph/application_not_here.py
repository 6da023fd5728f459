"""What an application has at Graph and cannot have here: which values say nothing, and why no other is taken.

By the path of the member.  Null always says nothing.
"""

from collections.abc import Mapping
from typing import Final

from attrs import frozen

from entrada.core.directory.graph.json_members import Members

NO_AGES: Final[dict[str, object]] = {"countriesBlockedForMinors": [], "legalAgeGroupRule": "Allow"}


@frozen
class NotHere:
    why: str
    silent: tuple[object, ...] = ()

    def says_nothing(self, value: object) -> bool:
        return value is None or any(type(value) is type(one) and value == one for one in self.silent)


_OFF: Final = (False,)
NOT_HERE: Final[Mapping[str, NotHere]] = {
    "addIns": NotHere("There are no add-ins here: leave addIns empty.", ([],)),
    "authenticationBehaviors": NotHere("authenticationBehaviors cannot be set here."),
    "certification": NotHere("Nobody certifies applications here: leave certification out."),
    "defaultRedirectUri": NotHere("There is no default redirect URI here: requests name theirs."),
    "isDeviceOnlyAuthSupported": NotHere("Devices do not sign in without a user here.", _OFF),
    "nativeAuthenticationApisEnabled": NotHere("There is no native authentication here.", ("none",)),
    "oauth2RequirePostResponse": NotHere("oauth2RequirePostResponse stays off: requests name their mode.", _OFF),
    "parentalControlSettings": NotHere(
        "Nothing is known here of anybody's age: parentalControlSettings stay at Allow.", (NO_AGES,)
    ),
    "requestSignatureVerification": NotHere("Signed authorization requests are not verified here."),
    "samlMetadataUrl": NotHere("There is no SAML here: leave samlMetadataUrl out."),
    "servicePrincipalLockConfiguration": NotHere("There is no lock of service principals here."),
    "tokenEncryptionKeyId": NotHere("Tokens are signed, not encrypted, here: leave tokenEncryptionKeyId out."),
    "uniqueName": NotHere("Applications have no uniqueName here: they are found by id and appId."),
    "info.logoUrl": NotHere("info.logoUrl is read-only, and applications have no logos here."),
    "api.acceptMappedClaims": NotHere("There are no mapped claims here: acceptMappedClaims stays off.", _OFF),
    "web.redirectUriSettings": NotHere("Redirect URIs have no settings here: write web.redirectUris.", ([],)),
    "web.implicitGrantSettings.enableAccessTokenIssuance": NotHere(
        "Access tokens are never issued from the authorization endpoint: use the code flow with PKCE.", _OFF
    ),
    "optionalClaims.saml2Token": NotHere("There is no SAML here: leave saml2Token empty.", ([],)),
}


def refuse_not_here(members: Members) -> None:
    for path, fixed in NOT_HERE.items():
        parent, _, name = path.rpartition(".")
        if parent == members.path:
            members.only(name, *fixed.silent, why=fixed.why)
