// @microsoft/microsoft-graph-client: each resource made, read, changed and deleted by base URL; refusals as GraphError.
import { BatchRequestContent, BatchResponseContent, Client, GraphError, PageIterator } from "@microsoft/microsoft-graph-client";

import { refusal, report, settings } from "./conversation.mjs";

const { origin, host, token, ben, painters, graphAppId, suffix } = settings;

const connect = (accessToken) =>
    Client.init({
        baseUrl: `${origin}/`,
        defaultVersion: "v1.0",
        customHosts: new Set([host]),
        authProvider: (done) => done(null, accessToken),
    });
const graph = connect(token);
const ref = (id) => ({ "@odata.id": `${origin}/v1.0/directoryObjects/${id}` });
const told = (error) => ({
    typed: error instanceof GraphError,
    status: error.statusCode,
    code: error.code,
    message: error.message,
    requestId: error.requestId,
    body: JSON.parse(error.body),
});
const gone = async (path) => told(await refusal(graph.api(path).get())).status;
const said = {};

// Applications, their secrets, federated credentials and owners.
const api = {
    requestedAccessTokenVersion: 2,
    oauth2PermissionScopes: [{
        id: crypto.randomUUID(), value: "Read", type: "User", isEnabled: true,
        adminConsentDisplayName: "Read", adminConsentDescription: "Reads.",
    }],
};
const roleId = crypto.randomUUID();
const appRoles = [{
    id: roleId, value: "Mixer", displayName: "Mixer", description: "Mixes.", isEnabled: true, allowedMemberTypes: ["User"],
}];
const app = await graph.api("/applications").post({ displayName: `js ${suffix}`, api, appRoles });
const path = `/applications/${app.id}`;
await graph.api(path).patch({ tags: ["js"] });
const secret = await graph.api(`${path}/addPassword`).post({ passwordCredential: { displayName: "js" } });
const [kept] = (await graph.api(path).get()).passwordCredentials;
await graph.api(`${path}/removePassword`).post({ keyId: secret.keyId });
const federated = await graph.api(`${path}/federatedIdentityCredentials`).post({
    name: "pipeline", issuer: "https://issuer.example", subject: "a", audiences: ["api://AzureADTokenExchange"],
});
await graph.api(`${path}/federatedIdentityCredentials/${federated.id}`).patch({ subject: "b" });
const [changedFederated] = (await graph.api(`${path}/federatedIdentityCredentials`).get()).value;
await graph.api(`${path}/federatedIdentityCredentials/${federated.id}`).delete();
await graph.api(`${path}/owners/$ref`).post(ref(ben));
const owners = await graph.api(`${path}/owners`).select("id,userPrincipalName").get();
await graph.api(`${path}/owners/${ben}/$ref`).delete();
said.application = {
    byAppId: (await graph.api(`/applications(appId='${app.appId}')`).get()).tags,
    secret, kept, afterwards: (await graph.api(path).get()).passwordCredentials,
    federated: changedFederated.subject, owners: owners.value.map((one) => one.userPrincipalName ?? one.id),
};

// Service principals, grants and assignments.
const principal = await graph.api("/servicePrincipals").post({ appId: app.appId });
await graph.api(`/servicePrincipals/${principal.id}`).patch({ notes: "js" });
const other = await graph.api("/applications").post({ displayName: `client ${suffix}` });
const client = await graph.api("/servicePrincipals").post({ appId: other.appId });
const grant = await graph.api("/oauth2PermissionGrants").post({
    clientId: client.id, consentType: "AllPrincipals", principalId: null, resourceId: principal.id, scope: "Read",
});
const grants = await graph.api("/oauth2PermissionGrants").filter(`clientId eq '${client.id}'`).get();
const assignment = await graph.api(`/users/${ben}/appRoleAssignments`).post({
    principalId: ben, resourceId: principal.id, appRoleId: roleId,
});
const assigned = await graph.api(`/servicePrincipals/${principal.id}/appRoleAssignedTo`).get();
await graph.api(`/servicePrincipals/${principal.id}/appRoleAssignedTo/${assignment.id}`).delete();
await graph.api(`/oauth2PermissionGrants/${grant.id}`).delete();
said.principal = {
    read: await graph.api(`/servicePrincipals/${principal.id}`).select(["displayName", "notes"]).get(),
    microsoft: (await graph.api(`/servicePrincipals(appId='${graphAppId}')`).get()).displayName,
    grants: grants.value.map((one) => one.scope), assigned: assigned.value.map((one) => one.principalDisplayName),
    twice: told(await refusal(graph.api("/servicePrincipals").post({ appId: app.appId }))),
    grant: await gone(`/oauth2PermissionGrants/${grant.id}`),
};
await graph.api(`/servicePrincipals/${client.id}`).delete();

// People, groups, roles.
const user = await graph.api("/users").post({
    accountEnabled: true, displayName: `Gil ${suffix}`, mailNickname: `gil${suffix}`,
    userPrincipalName: `gil${suffix}@colors.example`,
    passwordProfile: { password: `Long-${crypto.randomUUID()}`, forceChangePasswordNextSignIn: false },
});
await graph.api(`/users/${user.id}`).update({ jobTitle: "Mixer" });
const group = await graph.api("/groups").post({
    displayName: `Mixers ${suffix}`, mailEnabled: false, mailNickname: `mixers${suffix}`, securityEnabled: true,
});
await graph.api(`/groups/${group.id}/members/$ref`).post(ref(user.id));
const expanded = await graph.api(`/groups/${group.id}`).expand("members($select=displayName)").get();
const memberships = await graph.api(`/users/${user.id}/getMemberGroups`).post({ securityEnabledOnly: true });
const checked = await graph.api(`/users/${user.id}/checkMemberGroups`).post({ groupIds: [group.id, painters] });
const roles = (await graph.api("/directoryRoles").get()).value;
const role = roles.find((one) => one.displayName === "User Administrator");
await graph.api(`/directoryRoles/${role.id}/members/$ref`).post(ref(user.id));
const holders = (await graph.api(`/directoryRoles/${role.id}/members`).get()).value.map((one) => one.id);
await graph.api(`/directoryRoles/${role.id}/members/${user.id}/$ref`).delete();
said.people = {
    me: (await graph.api("/me").get()).userPrincipalName,
    job: (await graph.api(`/users/${user.userPrincipalName}`).select("jobTitle").get()).jobTitle,
    members: expanded.members.map((one) => one.displayName),
    memberships: memberships.value.includes(group.id), checked: checked.value.length === 1, holds: holders.includes(user.id),
};
await graph.api(`/groups/${group.id}/members/${user.id}/$ref`).delete();
await graph.api(`/groups/${group.id}`).delete();

// Deleted and brought back.
await graph.api(`/users/${user.id}`).delete();
said.deleted = { status: await gone(`/users/${user.id}`) };
await graph.api(`/directory/deletedItems/${user.id}/restore`).post({});
said.deleted.again = (await graph.api(`/users/${user.id}`).get()).displayName;
await graph.api(path).delete();
const deletedApps = await graph.api("/directory/deletedItems/microsoft.graph.application").get();
said.deleted.applications = deletedApps.value.map((one) => one.id).includes(app.id);

// The tenant, its policy, its logs.
const [organization] = (await graph.api("/organization").get()).value;
const audits = await graph.api("/auditLogs/directoryAudits").top(50).get();
const signIns = await graph.api("/auditLogs/signIns").top(5).get();
said.tenant = {
    organization: organization.displayName,
    policy: (await graph.api("/policies/authorizationPolicy").get()).defaultUserRolePermissions.allowedToCreateApps,
    audits: [...new Set(audits.value.map((one) => one.activityDisplayName))],
    signIns: signIns.value.map((one) => one.userPrincipalName),
};

// Pages, searches, counts.
for (const number of [1, 2, 3, 4, 5]) await graph.api("/applications").post({ displayName: `page${suffix} ${number}` });
const first = await graph.api("/applications").header("ConsistencyLevel", "eventual").count(true)
    .filter(`startswith(displayName,'page${suffix}')`).orderby("displayName").top(2).get();
const seen = [];
await new PageIterator(graph, first, (one) => seen.push(one.displayName) > 0).iterate();
const searched = await graph.api("/applications").header("ConsistencyLevel", "eventual")
    .search(`"displayName:page${suffix}"`).get();
said.pages = { count: first["@odata.count"], first: first.value.length, seen, searched: searched.value.length };

// Several in one, each after the one before it.
const json = { "Content-Type": "application/json" };
const batch = new BatchRequestContent([
    { id: "make", request: new Request(`https://host/groups`, { method: "POST", headers: json, body: JSON.stringify({
        displayName: `batch ${suffix}`, mailNickname: `batch${suffix}`, mailEnabled: false, securityEnabled: true,
    }) }) },
    { id: "count", dependsOn: ["make"], request: new Request(`https://host/groups/$count`, {
        headers: { ConsistencyLevel: "eventual" },
    }) },
    { id: "nobody", dependsOn: ["count"], request: new Request(`https://host/users/${crypto.randomUUID()}`) },
    { id: "never", dependsOn: ["nobody"], request: new Request("https://host/me") },
]);
const answers = new BatchResponseContent(await graph.api("/$batch").post(await batch.getContent()));
said.batch = {
    statuses: [...answers.getResponses()].map(([id, answer]) => [id, answer.status]),
    made: (await answers.getResponseById("make").json()).displayName,
    count: Number(await answers.getResponseById("count").json()) > 1,
    never: (await answers.getResponseById("never").json()).error.code,
};

// Refusals.
const [some] = searched.value;
const read = await graph.api(`/applications/${some.id}`).get();
const ifMatch = (notes) => graph.api(`/applications/${some.id}`).header("If-Match", read["@odata.etag"]).patch({ notes });
await ifMatch("first");
said.refused = {
    missing: told(await refusal(graph.api(`/users/${crypto.randomUUID()}`).get())),
    bad: told(await refusal(graph.api("/applications").post({ displayName: 7 }))),
    filter: told(await refusal(graph.api("/applications").filter("displayName ~ 'x'").get())),
    stale: told(await refusal(ifMatch("second"))),
    nobody: told(await refusal(connect("nonsense").api("/me").get())),
};

report(said);
