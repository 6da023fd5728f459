"""What each directory role is for, in a sentence."""

from typing import Final

from entrada.core.directory import directory_role as role

ROLE_WORDS: Final = {
    role.GLOBAL_ADMINISTRATOR: "May do everything in this tenant.",
    role.APPLICATION_ADMINISTRATOR: "Registers and changes all applications, and consents for everybody.",
    role.CLOUD_APPLICATION_ADMINISTRATOR: "Registers and changes all applications, and consents for everybody.",
    role.APPLICATION_DEVELOPER: "Registers applications, also where ordinary members may not.",
    role.GLOBAL_READER: "Reads everything, and changes nothing.",
    role.DIRECTORY_READERS: "Reads users, groups and applications, as members may.",
    role.GROUPS_ADMINISTRATOR: "Makes, changes and deletes groups, and decides who is in them.",
    role.PASSWORD_ADMINISTRATOR: "Resets the passwords of users without a role, and signs them out.",
    role.AUTHENTICATION_ADMINISTRATOR: "Resets passwords and removes authenticators of users without a role.",
    role.PRIVILEGED_ROLE_ADMINISTRATOR: "Decides who holds which directory role.",
    role.SECURITY_READER: "Reads the sign-in log, the audit log and the policies.",
    role.REPORTS_READER: "Reads the sign-in log and the audit log.",
    role.USER_ADMINISTRATOR: "Makes, changes and deletes users and groups; resets passwords of users without a role.",
}
