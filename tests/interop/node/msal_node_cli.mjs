// A command line tool on @azure/msal-node: its loopback listener takes the answer by form_post; then silence.
import { PublicClientApplication } from "@azure/msal-node";

import { browseAndPost, report, settings } from "./conversation.mjs";

const { authority, host, clientId, api } = settings;
const app = new PublicClientApplication({ auth: { clientId, authority, knownAuthorities: [host] } });

const first = await app.acquireTokenInteractive({
    scopes: ["User.Read"],
    extraScopesToConsent: [api],
    openBrowser: async (url) => {
        browseAndPost(url);  // not awaited: the listener answers while the browser is still open
    },
});
const { account } = first;
const cached = await app.acquireTokenSilent({ account, scopes: ["User.Read"] });
const refreshed = await app.acquireTokenSilent({ account, scopes: ["User.Read"], forceRefresh: true });
const again = await app.acquireTokenSilent({ account, scopes: ["User.Read"], forceRefresh: true });
const other = await app.acquireTokenSilent({ account, scopes: [api] });
report({ first, cached, refreshed, again, other });
