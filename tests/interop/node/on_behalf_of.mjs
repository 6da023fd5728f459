// An API that acts on behalf of whoever called it, on @azure/msal-node and on @azure/identity.
import { OnBehalfOfCredential } from "@azure/identity";
import { ConfidentialClientApplication } from "@azure/msal-node";

import { refusal, report, settings } from "./conversation.mjs";

const { authority, origin, host, tenantId, clientId, clientSecret, assertion, stranger, scope } = settings;

const auth = { clientId, clientSecret, authority, knownAuthorities: [host] };
const app = new ConfidentialClientApplication({ auth });
const ask = { oboAssertion: assertion, scopes: [scope] };
const first = await app.acquireTokenOnBehalfOf(ask);
const cached = await app.acquireTokenOnBehalfOf(ask);
const refused = await refusal(app.acquireTokenOnBehalfOf({ ...ask, oboAssertion: stranger }));

const credential = new OnBehalfOfCredential({
    tenantId, clientId, clientSecret, userAssertionToken: assertion,
    authorityHost: origin, disableInstanceDiscovery: true,
});
const viaIdentity = await credential.getToken(scope);

report({
    first: first.accessToken,
    cached: [cached.accessToken === first.accessToken, cached.fromCache],
    refused: { errorCode: refused.errorCode, errorNo: refused.errorNo },
    viaIdentity: viaIdentity.token,
});
