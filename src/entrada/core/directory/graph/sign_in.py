"""A sign-in as Graph v1.0 writes it (auditLogs/signIns), and the story behind it.  Reference section 38.

What is ours stands under `entrada`: which rule decided, what to change, what was asked and weighed.
"""

from collections.abc import Iterable
from typing import Final

from attrs import frozen

from entrada.core.directory.graph.json_members import written_moment
from entrada.core.directory.story import Fact, Kind, Story
from entrada.core.directory.user_agent import program_of, system_of

_NO_RISK: Final[dict[str, object]] = {
    "conditionalAccessStatus": "notApplied",
    "appliedConditionalAccessPolicies": [],
    "riskDetail": "none",
    "riskLevelAggregated": "none",
    "riskLevelDuringSignIn": "none",
    "riskState": "none",
    "riskEventTypes_v2": [],
    "location": {},
}
"""What nothing here weighs."""


@frozen(kw_only=True)
class ToldStory:
    """A story with the names of whom it names by id; None where they are gone, or never were."""

    story: Story
    user_display_name: str | None = None
    app_display_name: str | None = None
    app_object_id: str | None = None  # where the tenant of the story registered it
    resource_display_name: str | None = None


def sign_in_json(told: ToldStory) -> dict[str, object]:
    story = told.story
    return {
        "id": story.trace_id,
        "createdDateTime": written_moment(story.at),
        "userDisplayName": told.user_display_name,
        "userPrincipalName": story.user_principal_name,
        "userId": story.user_id,
        "appId": story.client_id,
        "appDisplayName": told.app_display_name,
        "ipAddress": story.address,
        "clientAppUsed": _client_app(story),
        "correlationId": story.correlation_id,
        "isInteractive": story.kind is Kind.INTERACTIVE,
        "signInEventTypes": [story.kind.value] if story.kind is not Kind.OTHER else [],
        "resourceId": story.resource_id,
        "resourceDisplayName": told.resource_display_name,
        "status": {
            "errorCode": story.aadsts or 0,
            "failureReason": story.said,
            "additionalDetails": story.advice,
        },
        "deviceDetail": {
            "deviceId": "",
            "displayName": "",
            "operatingSystem": system_of(story.user_agent) or "",
            "browser": program_of(story.user_agent) or "",
            "isCompliant": False,
            "isManaged": False,
            "trustType": "",
        },
        "authenticationRequirement": _requirement(story),
        "userAgent": story.user_agent,
        **_NO_RISK,
        "entrada": _ours(story),
    }


def _ours(story: Story) -> dict[str, object]:
    return {
        "decision": "granted" if story.granted else "refused",
        "event": story.event,
        "rule": story.rule,
        "advice": story.advice,
        "asked": _facts(story.asked),
        "weighed": _facts(story.weighed),
    }


def _facts(facts: Iterable[Fact]) -> list[dict[str, str]]:
    return [{"name": one.name, "value": one.value} for one in facts]


def _client_app(story: Story) -> str:
    """As Entra words it."""
    return "Mobile Apps and Desktop clients" if story.event in ("token", "managed identity") else "Browser"


def _requirement(story: Story) -> str:
    methods = next((one.value.split() for one in story.weighed if one.name == "methods"), list[str]())
    return "multiFactorAuthentication" if "mfa" in methods else "singleFactorAuthentication"
