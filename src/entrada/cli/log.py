"""`entrada log`: who signed in, who changed what, and the story behind a trace id."""

from typing import Final
from urllib.parse import quote

import click

from entrada.cli.desk import Desk, desk_options
from entrada.cli.named import quoted
from entrada.cli.shown import Columns, output_option, show_all, show_one

_SIGN_INS: Final[Columns] = {
    "when": lambda one: one["createdDateTime"],
    "user": lambda one: one["userPrincipalName"],
    "application": lambda one: one["appDisplayName"] or one["appId"],
    "result": lambda one: "granted" if not one["status"]["errorCode"] else f"AADSTS{one['status']['errorCode']}",
    "from": lambda one: one["ipAddress"],
    "trace id": lambda one: one["id"],
}
_AUDITS: Final[Columns] = {
    "when": lambda one: one["activityDateTime"],
    "what": lambda one: one["activityDisplayName"],
    "of": lambda one: [target["displayName"] for target in one["targetResources"][:2]],
    "who": lambda one: _who(one["initiatedBy"]),
}
_most_option: Final = click.option(
    "-n", "--most", type=click.IntRange(1, 10_000), default=50, show_default=True, help="How many, the newest first."
)


@click.group()
def log() -> None:
    """See who signed in, who changed what, and why somebody was refused."""


@log.command("sign-ins")
@click.option("--user", metavar="UPN", help="Only of this person.")
@click.option("--failed", is_flag=True, help="Only those that were refused.")
@_most_option
@output_option
@desk_options
def sign_ins(*, desk: Desk, user: str | None, failed: bool, most: int, output: str) -> None:
    """List sign-ins, the newest first."""
    asked = [f"userPrincipalName eq {quoted(user)}"] if user else []
    asked += ["status/errorCode ne 0"] if failed else []
    only = f"?$filter={' and '.join(asked)}" if asked else ""
    show_all(desk.every(f"/auditLogs/signIns{only}", most=most), _SIGN_INS, output, "There is no such sign-in.")


@log.command()
@click.option("--what", metavar="WORDS", help="Only such activities: 'Update application'.")
@_most_option
@output_option
@desk_options
def audit(*, desk: Desk, what: str | None, most: int, output: str) -> None:
    """List changes to the directory, the newest first."""
    only = f"?$filter=activityDisplayName eq {quoted(what)}" if what else ""
    show_all(desk.every(f"/auditLogs/directoryAudits{only}", most=most), _AUDITS, output, "Nothing was changed.")


@log.command()
@click.argument("trace_id")
@output_option
@desk_options
def show(trace_id: str, *, desk: Desk, output: str) -> None:
    """Tell the story of one request.

    What was asked, what was decided, by which rule.  TRACE_ID stands on error pages and in error answers.
    """
    columns: Columns = {
        "when": lambda one: one["createdDateTime"],
        "decision": lambda one: "refused" if one["status"]["errorCode"] else "granted",
        "error": lambda one: one["status"]["errorCode"] or None,
        "rule": lambda one: one["entrada"]["rule"],
        "said": lambda one: one["status"]["failureReason"],
        "what to change": lambda one: one["entrada"]["advice"],
        "user": lambda one: one["userPrincipalName"],
        "application": lambda one: one["appDisplayName"] or one["appId"],
        "from": lambda one: one["ipAddress"],
        "asked": lambda one: [f"{fact['name']}: {fact['value']}" for fact in one["entrada"]["asked"]],
        "weighed": lambda one: [f"{fact['name']}: {fact['value']}" for fact in one["entrada"]["weighed"]],
    }
    show_one(desk.get(f"/auditLogs/signIns/{quote(trace_id)}"), columns, output)


def _who(initiator: dict[str, dict[str, str | None] | None]) -> str | None:
    user, application = initiator.get("user") or {}, initiator.get("app") or {}
    return user.get("userPrincipalName") or application.get("displayName") or "(at the machine)"
