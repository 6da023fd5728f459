// A program without a browser on @azure/msal-node: it shows a code, polls, and is let in; then silence.
import { PublicClientApplication } from "@azure/msal-node";

import { letIn, report, settings } from "./conversation.mjs";

const { authority, host, clientId } = settings;
const app = new PublicClientApplication({ auth: { clientId, authority, knownAuthorities: [host] } });

let told;
const first = await app.acquireTokenByDeviceCode({
    scopes: ["User.Read"],
    deviceCodeCallback: (answer) => {
        told = answer;
        letIn(answer.verificationUri, answer.userCode);  // not awaited: it polls meanwhile
    },
});
const { account } = first;
const cached = await app.acquireTokenSilent({ account, scopes: ["User.Read"] });
const refreshed = await app.acquireTokenSilent({ account, scopes: ["User.Read"], forceRefresh: true });
report({ told, first, cached, refreshed });
