// A person in front of @azure/identity: a browser that is opened as any other, and a code that is typed elsewhere.
import { DeviceCodeCredential, InteractiveBrowserCredential } from "@azure/identity";

import { letIn, refusal, report, settings } from "./conversation.mjs";

const { origin, tenantId, clientId, scope, other } = settings;
const where = { tenantId, clientId, authorityHost: origin, disableInstanceDiscovery: true };

const browser = new InteractiveBrowserCredential({ ...where, redirectUri: "http://localhost" });
const first = await browser.getToken(scope);
const again = await browser.getToken(scope);

const device = new DeviceCodeCredential({
    ...where,
    userPromptCallback: ({ verificationUri, userCode }) => {
        letIn(verificationUri, userCode);  // not awaited: it polls meanwhile
    },
});
const typed = await device.getToken(scope);
const silent = new DeviceCodeCredential({ ...where, disableAutomaticAuthentication: true });
const refused = await refusal(silent.getToken(other));

report({ first: first.token, cached: again.token === first.token, typed: typed.token, refused: refused.name });
