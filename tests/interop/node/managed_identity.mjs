// A program that runs on the machine, on @azure/identity and on @azure/msal-node; the environment says which shape.
import { DefaultAzureCredential, ManagedIdentityCredential } from "@azure/identity";
import { ManagedIdentityApplication } from "@azure/msal-node";

import { refusal, report, settings } from "./conversation.mjs";

const { scope, resource, otherId, strangerId } = settings;

const credential = new ManagedIdentityCredential();
const first = await credential.getToken(scope);
const again = await credential.getToken(scope);
const other = await new ManagedIdentityCredential({ clientId: otherId }).getToken(scope);
const byDefault = await new DefaultAzureCredential().getToken(scope);
const stranger = await refusal(new ManagedIdentityCredential({ clientId: strangerId }).getToken(scope));

const msal = new ManagedIdentityApplication();
const viaMsal = await msal.acquireToken({ resource });
const cached = await msal.acquireToken({ resource });

report({
    tokens: [first.token, byDefault.token, viaMsal.accessToken],
    other: other.token,
    cached: [again.token === first.token, cached.fromCache],
    source: msal.getManagedIdentitySource(),
    stranger: { name: stranger.name, message: stranger.message },
});
