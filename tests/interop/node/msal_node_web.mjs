// A web app on @azure/msal-node: code, cache, refresh, another resource, a refresh token from elsewhere, a wrong secret.
import { ConfidentialClientApplication, CryptoProvider } from "@azure/msal-node";

import { browse, refusal, report, settings } from "./conversation.mjs";

const { authority, host, clientId, clientSecret, redirectUri, api } = settings;
const auth = { clientId, authority, knownAuthorities: [host] };

async function signIn(app, scopes, asked = {}) {
    const crypto = new CryptoProvider();
    const { verifier, challenge } = await crypto.generatePkceCodes();
    const state = crypto.createNewGuid();
    const url = await app.getAuthCodeUrl({
        scopes, redirectUri, state, codeChallenge: challenge, codeChallengeMethod: "S256", responseMode: "query", ...asked,
    });
    const answer = new URL(await browse(url)).searchParams;
    if (answer.get("state") !== state) throw new Error(`another state: ${answer}`);
    return app.acquireTokenByCode({
        code: answer.get("code"), scopes: scopes.slice(0, 1), redirectUri, codeVerifier: verifier,
        clientInfo: answer.get("client_info"),
    });
}

const app = new ConfidentialClientApplication({ auth: { ...auth, clientSecret } });
const first = await signIn(app, ["User.Read", api]);
const account = first.account;
const cached = await app.acquireTokenSilent({ account, scopes: ["User.Read"] });
const refreshed = await app.acquireTokenSilent({ account, scopes: ["User.Read"], forceRefresh: true });
const other = await app.acquireTokenSilent({ account, scopes: [api] });
const otherCached = await app.acquireTokenSilent({ account, scopes: [api] });

const kept = JSON.parse(app.getTokenCache().serialize());
const refreshToken = Object.values(kept.RefreshToken)[0].secret;
const elsewhere = new ConfidentialClientApplication({ auth: { ...auth, clientSecret } });
const moved = await elsewhere.acquireTokenByRefreshToken({ refreshToken, scopes: ["User.Read"] });

const impostor = new ConfidentialClientApplication({ auth: { ...auth, clientSecret: "not the secret" } });
const refused = await refusal(signIn(impostor, ["User.Read"]));

report({
    first, cached, refreshed, other, otherCached, moved,
    refused: { errorCode: refused.errorCode, errorMessage: refused.errorMessage, errorNo: refused.errorNo },
});
