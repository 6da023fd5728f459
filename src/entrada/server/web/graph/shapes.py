"""The types of everything Graph answers here, and of the bodies that are no entity.  Reference sections 37 and 38."""

from typing import Final

from entrada.server.web.graph.shape import (
    BINARY,
    BOOLEAN,
    GUID,
    GUIDS,
    INT32,
    MOMENT,
    STRING,
    STRINGS,
    Complex,
    Many,
    complex_type,
    entity_type,
)

# ---- complex types ----

KEY_CREDENTIAL: Final = complex_type(
    "keyCredential",
    customKeyIdentifier=BINARY,
    displayName=STRING,
    endDateTime=MOMENT,
    key=BINARY,
    keyId=GUID,
    startDateTime=MOMENT,
    type=STRING,
    usage=STRING,
)
PASSWORD_CREDENTIAL: Final = complex_type(
    "passwordCredential",
    customKeyIdentifier=BINARY,
    displayName=STRING,
    endDateTime=MOMENT,
    hint=STRING,
    keyId=GUID,
    secretText=STRING,
    startDateTime=MOMENT,
)
APP_ROLE: Final = complex_type(
    "appRole",
    allowedMemberTypes=STRINGS,
    description=STRING,
    displayName=STRING,
    id=GUID,
    isEnabled=BOOLEAN,
    origin=STRING,
    value=STRING,
)
PERMISSION_SCOPE: Final = complex_type(
    "permissionScope",
    adminConsentDescription=STRING,
    adminConsentDisplayName=STRING,
    id=GUID,
    isEnabled=BOOLEAN,
    type=STRING,
    userConsentDescription=STRING,
    userConsentDisplayName=STRING,
    value=STRING,
)
_VERIFIED_PUBLISHER: Final = complex_type(
    "verifiedPublisher", displayName=STRING, verifiedPublisherId=STRING, addedDateTime=MOMENT
)
_INFORMATIONAL_URL: Final = complex_type(
    "informationalUrl",
    logoUrl=STRING,
    marketingUrl=STRING,
    privacyStatementUrl=STRING,
    supportUrl=STRING,
    termsOfServiceUrl=STRING,
)
_API: Final = complex_type(
    "apiApplication",
    acceptMappedClaims=BOOLEAN,
    knownClientApplications=GUIDS,
    requestedAccessTokenVersion=INT32,
    oauth2PermissionScopes=Many(PERMISSION_SCOPE),
    preAuthorizedApplications=Many(
        complex_type("preAuthorizedApplication", appId=STRING, delegatedPermissionIds=STRINGS)
    ),
)
_WEB: Final = complex_type(
    "webApplication",
    redirectUris=STRINGS,
    homePageUrl=STRING,
    logoutUrl=STRING,
    implicitGrantSettings=complex_type(
        "implicitGrantSettings", enableIdTokenIssuance=BOOLEAN, enableAccessTokenIssuance=BOOLEAN
    ),
)
_CLAIM: Final = complex_type(
    "optionalClaim", name=STRING, source=STRING, essential=BOOLEAN, additionalProperties=STRINGS
)
_ADD_IN: Final = complex_type(
    "addIn", id=GUID, type=STRING, properties=Many(complex_type("keyValue", key=STRING, value=STRING))
)
_REQUIRED: Final = complex_type(
    "requiredResourceAccess",
    resourceAppId=STRING,
    resourceAccess=Many(complex_type("resourceAccess", id=GUID, type=STRING)),
)
PASSWORD_PROFILE: Final = complex_type(
    "passwordProfile",
    password=STRING,
    forceChangePasswordNextSignIn=BOOLEAN,
    forceChangePasswordNextSignInWithMfa=BOOLEAN,
)

# ---- entity types ----

APPLICATION: Final = entity_type(
    "application",
    navigation=("owners",),
    deletedDateTime=MOMENT,
    isFallbackPublicClient=BOOLEAN,
    appId=STRING,
    applicationTemplateId=STRING,
    identifierUris=STRINGS,
    createdDateTime=MOMENT,
    description=STRING,
    disabledByMicrosoftStatus=STRING,
    displayName=STRING,
    isDeviceOnlyAuthSupported=BOOLEAN,
    groupMembershipClaims=STRING,
    notes=STRING,
    optionalClaims=complex_type(
        "optionalClaims", idToken=Many(_CLAIM), accessToken=Many(_CLAIM), saml2Token=Many(_CLAIM)
    ),
    publisherDomain=STRING,
    signInAudience=STRING,
    tags=STRINGS,
    tokenEncryptionKeyId=GUID,
    verifiedPublisher=_VERIFIED_PUBLISHER,
    addIns=Many(_ADD_IN),
    api=_API,
    appRoles=Many(APP_ROLE),
    publicClient=complex_type("publicClientApplication", redirectUris=STRINGS),
    info=_INFORMATIONAL_URL,
    keyCredentials=Many(KEY_CREDENTIAL),
    parentalControlSettings=complex_type(
        "parentalControlSettings", countriesBlockedForMinors=STRINGS, legalAgeGroupRule=STRING
    ),
    passwordCredentials=Many(PASSWORD_CREDENTIAL),
    requiredResourceAccess=Many(_REQUIRED),
    web=_WEB,
    spa=complex_type("spaApplication", redirectUris=STRINGS),
    serviceManagementReference=STRING,
)
SERVICE_PRINCIPAL: Final = entity_type(
    "servicePrincipal",
    navigation=("owners",),
    deletedDateTime=MOMENT,
    alternativeNames=STRINGS,
    applicationTemplateId=STRING,
    disabledByMicrosoftStatus=STRING,
    loginUrl=STRING,
    notificationEmailAddresses=STRINGS,
    preferredSingleSignOnMode=STRING,
    preferredTokenSigningKeyThumbprint=STRING,
    samlSingleSignOnSettings=complex_type("samlSingleSignOnSettings", relayState=STRING),
    tokenEncryptionKeyId=GUID,
    addIns=Many(_ADD_IN),
    keyCredentials=Many(KEY_CREDENTIAL),
    passwordCredentials=Many(PASSWORD_CREDENTIAL),
    resourceSpecificApplicationPermissions=Many(complex_type("resourceSpecificPermission", id=GUID, value=STRING)),
    accountEnabled=BOOLEAN,
    appId=STRING,
    appDisplayName=STRING,
    appOwnerOrganizationId=GUID,
    appRoleAssignmentRequired=BOOLEAN,
    createdDateTime=MOMENT,
    displayName=STRING,
    notes=STRING,
    servicePrincipalType=STRING,
    tags=STRINGS,
    appDescription=STRING,
    description=STRING,
    homepage=STRING,
    logoutUrl=STRING,
    replyUrls=STRINGS,
    servicePrincipalNames=STRINGS,
    signInAudience=STRING,
    appRoles=Many(APP_ROLE),
    oauth2PermissionScopes=Many(PERMISSION_SCOPE),
    info=_INFORMATIONAL_URL,
    verifiedPublisher=_VERIFIED_PUBLISHER,
)
USER: Final = entity_type(
    "user",
    navigation=("memberOf",),
    businessPhones=STRINGS,
    displayName=STRING,
    givenName=STRING,
    jobTitle=STRING,
    mail=STRING,
    mobilePhone=STRING,
    officeLocation=STRING,
    preferredLanguage=STRING,
    surname=STRING,
    userPrincipalName=STRING,
    accountEnabled=BOOLEAN,
    assignedLicenses=Many(complex_type("assignedLicense", skuId=GUID)),
    companyName=STRING,
    createdDateTime=MOMENT,
    creationType=STRING,
    deletedDateTime=MOMENT,
    department=STRING,
    employeeId=STRING,
    identities=Many(complex_type("objectIdentity", signInType=STRING, issuer=STRING, issuerAssignedId=STRING)),
    lastPasswordChangeDateTime=MOMENT,
    mailNickname=STRING,
    onPremisesImmutableId=STRING,
    otherMails=STRINGS,
    passwordPolicies=STRING,
    passwordProfile=PASSWORD_PROFILE,
    proxyAddresses=STRINGS,
    signInSessionsValidFromDateTime=MOMENT,
    usageLocation=STRING,
    userType=STRING,
)
GROUP: Final = entity_type(
    "group",
    navigation=("members", "owners"),
    deletedDateTime=MOMENT,
    classification=STRING,
    createdDateTime=MOMENT,
    creationOptions=STRINGS,
    description=STRING,
    displayName=STRING,
    expirationDateTime=MOMENT,
    groupTypes=STRINGS,
    isAssignableToRole=BOOLEAN,
    mail=STRING,
    mailEnabled=BOOLEAN,
    mailNickname=STRING,
    membershipRule=STRING,
    membershipRuleProcessingState=STRING,
    onPremisesSecurityIdentifier=STRING,
    onPremisesSyncEnabled=BOOLEAN,
    proxyAddresses=STRINGS,
    resourceBehaviorOptions=STRINGS,
    resourceProvisioningOptions=STRINGS,
    securityEnabled=BOOLEAN,
    securityIdentifier=STRING,
    visibility=STRING,
)
DIRECTORY_OBJECT: Final = entity_type("directoryObject", deletedDateTime=MOMENT)
"""Whatever it is: `@odata.type` says, and the members of that type are told."""
DIRECTORY_ROLE: Final = entity_type(
    "directoryRole",
    navigation=("members",),
    deletedDateTime=MOMENT,
    description=STRING,
    displayName=STRING,
    roleTemplateId=STRING,
)
PERMISSION_GRANT: Final = entity_type(
    "oAuth2PermissionGrant",
    clientId=STRING,
    consentType=STRING,
    principalId=STRING,
    resourceId=STRING,
    scope=STRING,
)
APP_ROLE_ASSIGNMENT: Final = entity_type(
    "appRoleAssignment",
    deletedDateTime=MOMENT,
    appRoleId=GUID,
    createdDateTime=MOMENT,
    principalDisplayName=STRING,
    principalId=GUID,
    principalType=STRING,
    resourceDisplayName=STRING,
    resourceId=GUID,
)
PERMISSION_CLASSIFICATION: Final = entity_type(
    "delegatedPermissionClassification",
    classification=STRING,
    permissionId=STRING,
    permissionName=STRING,
)
FEDERATED_CREDENTIAL: Final = entity_type(
    "federatedIdentityCredential",
    name=STRING,
    issuer=STRING,
    subject=STRING,
    audiences=STRINGS,
    description=STRING,
)

AUTHENTICATION_METHOD: Final = entity_type("authenticationMethod", createdDateTime=MOMENT)
ORGANIZATION: Final = entity_type(
    "organization",
    deletedDateTime=MOMENT,
    assignedPlans=Many(complex_type("assignedPlan", service=STRING)),
    businessPhones=STRINGS,
    city=STRING,
    country=STRING,
    countryLetterCode=STRING,
    createdDateTime=MOMENT,
    defaultUsageLocation=STRING,
    displayName=STRING,
    marketingNotificationEmails=STRINGS,
    onPremisesSyncEnabled=BOOLEAN,
    postalCode=STRING,
    preferredLanguage=STRING,
    privacyProfile=complex_type("privacyProfile", contactEmail=STRING, statementUrl=STRING),
    provisionedPlans=Many(complex_type("provisionedPlan", service=STRING)),
    securityComplianceNotificationMails=STRINGS,
    securityComplianceNotificationPhones=STRINGS,
    state=STRING,
    street=STRING,
    technicalNotificationMails=STRINGS,
    tenantType=STRING,
    verifiedDomains=Many(
        complex_type(
            "verifiedDomain", capabilities=STRING, isDefault=BOOLEAN, isInitial=BOOLEAN, name=STRING, type=STRING
        )
    ),
)
DOMAIN: Final = entity_type(
    "domain",
    authenticationType=STRING,
    availabilityStatus=STRING,
    isAdminManaged=BOOLEAN,
    isDefault=BOOLEAN,
    isInitial=BOOLEAN,
    isRoot=BOOLEAN,
    isVerified=BOOLEAN,
    manufacturer=STRING,
    model=STRING,
    passwordNotificationWindowInDays=INT32,
    passwordValidityPeriodInDays=INT32,
    state=complex_type("domainState", status=STRING),
    supportedServices=STRINGS,
)
BRANDING: Final = entity_type(
    "organizationalBranding",
    backgroundColor=STRING,
    signInPageText=STRING,
    usernameHintText=STRING,
    bannerLogoRelativeUrl=STRING,
)
AUTHORIZATION_POLICY: Final = entity_type(
    "authorizationPolicy",
    displayName=STRING,
    description=STRING,
    allowedToSignUpEmailBasedSubscriptions=BOOLEAN,
    allowedToUseSSPR=BOOLEAN,
    allowEmailVerifiedUsersToJoinOrganization=BOOLEAN,
    allowInvitesFrom=STRING,
    blockMsolPowerShell=BOOLEAN,
    guestUserRoleId=GUID,
    defaultUserRolePermissions=complex_type(
        "defaultUserRolePermissions",
        allowedToCreateApps=BOOLEAN,
        allowedToCreateSecurityGroups=BOOLEAN,
        allowedToCreateTenants=BOOLEAN,
        allowedToReadOtherUsers=BOOLEAN,
        permissionGrantPoliciesAssigned=STRINGS,
    ),
)
SECURITY_DEFAULTS: Final = entity_type(
    "identitySecurityDefaultsEnforcementPolicy", displayName=STRING, description=STRING, isEnabled=BOOLEAN
)
TOKEN_LIFETIME_POLICY: Final = entity_type(
    "tokenLifetimePolicy",
    deletedDateTime=MOMENT,
    definition=STRINGS,
    displayName=STRING,
    isOrganizationDefault=BOOLEAN,
)
SETTINGS: Final = entity_type(
    "entradaSettings",
    accessTokenLifetimeInSeconds=INT32,
    bannedPasswords=STRINGS,
    lockoutDurationInSeconds=INT32,
    lockoutThreshold=INT32,
    passwordGrantEnabled=BOOLEAN,
)

_FACT: Final = complex_type("entradaFact", name=STRING, value=STRING)
SIGN_IN: Final = entity_type(
    "signIn",
    createdDateTime=MOMENT,
    userDisplayName=STRING,
    userPrincipalName=STRING,
    userId=STRING,
    appId=STRING,
    appDisplayName=STRING,
    ipAddress=STRING,
    clientAppUsed=STRING,
    correlationId=STRING,
    isInteractive=BOOLEAN,
    signInEventTypes=STRINGS,
    resourceId=STRING,
    resourceDisplayName=STRING,
    status=complex_type("signInStatus", errorCode=INT32, failureReason=STRING, additionalDetails=STRING),
    deviceDetail=complex_type(
        "deviceDetail",
        deviceId=STRING,
        displayName=STRING,
        operatingSystem=STRING,
        browser=STRING,
        isCompliant=BOOLEAN,
        isManaged=BOOLEAN,
        trustType=STRING,
    ),
    authenticationRequirement=STRING,
    userAgent=STRING,
    conditionalAccessStatus=STRING,
    appliedConditionalAccessPolicies=Many(complex_type("appliedConditionalAccessPolicy", id=STRING)),
    riskDetail=STRING,
    riskLevelAggregated=STRING,
    riskLevelDuringSignIn=STRING,
    riskState=STRING,
    riskEventTypes_v2=STRINGS,
    location=complex_type("signInLocation", city=STRING, state=STRING, countryOrRegion=STRING),
    entrada=complex_type(
        "entradaDecision",
        decision=STRING,
        event=STRING,
        rule=STRING,
        advice=STRING,
        asked=Many(_FACT),
        weighed=Many(_FACT),
    ),
)
DIRECTORY_AUDIT: Final = entity_type(
    "directoryAudit",
    category=STRING,
    correlationId=STRING,
    result=STRING,
    resultReason=STRING,
    activityDisplayName=STRING,
    activityDateTime=MOMENT,
    loggedByService=STRING,
    operationType=STRING,
    initiatedBy=complex_type(
        "auditActivityInitiator",
        user=complex_type(
            "auditUserIdentity",
            id=STRING,
            displayName=STRING,
            userPrincipalName=STRING,
            ipAddress=STRING,
            userType=STRING,
            homeTenantId=STRING,
            homeTenantName=STRING,
        ),
        app=complex_type(
            "appIdentity",
            appId=STRING,
            displayName=STRING,
            servicePrincipalId=STRING,
            servicePrincipalName=STRING,
        ),
    ),
    targetResources=Many(
        complex_type(
            "targetResource",
            id=STRING,
            displayName=STRING,
            type=STRING,
            userPrincipalName=STRING,
            groupType=STRING,
            modifiedProperties=Many(
                complex_type("modifiedProperty", displayName=STRING, oldValue=STRING, newValue=STRING)
            ),
        )
    ),
    additionalDetails=Many(complex_type("keyValue", key=STRING, value=STRING)),
)

# ---- bodies and values ----

REFERENCE: Final = Complex("reference", {"@odata.id": STRING})
WHICH_GROUPS: Final = complex_type("whichGroups", securityEnabledOnly=BOOLEAN)
GROUP_IDS: Final = complex_type("groupIds", groupIds=STRINGS)
OBJECT_IDS: Final = complex_type("objectIds", ids=STRINGS, types=STRINGS)
ADD_PASSWORD: Final = complex_type("addPassword", passwordCredential=PASSWORD_CREDENTIAL)
KEY_ID: Final = complex_type("keyIdentifier", keyId=GUID)
ADD_KEY: Final = complex_type(
    "addKey", keyCredential=KEY_CREDENTIAL, passwordCredential=PASSWORD_CREDENTIAL, proof=STRING
)
REMOVE_KEY: Final = complex_type("removeKey", keyId=GUID, proof=STRING)
CHANGE_PASSWORD: Final = complex_type("changePassword", currentPassword=STRING, newPassword=STRING)
STRINGS_VALUE: Final = complex_type("strings", value=STRINGS)
BOOLEAN_VALUE: Final = complex_type("boolean", value=BOOLEAN)
OBJECTS_VALUE: Final = complex_type("objects", value=Many(complex_type("directoryObjectValue", id=STRING)))
