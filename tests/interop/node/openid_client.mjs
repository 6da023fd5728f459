// A relying party on openid-client: exact issuer, PKCE, state, nonce, ID token checked against our keys, refresh, userinfo.
import * as client from "openid-client";

import { browse, refusal, report, settings } from "./conversation.mjs";

const { authority, issuer, clientId, clientSecret, redirectUri, postLogoutRedirectUri } = settings;
const config = await client.discovery(new URL(issuer), clientId, clientSecret);
client.enableNonRepudiationChecks(config);  // the ID token's signature, too

async function ask(parameters = {}) {
    const pkceCodeVerifier = client.randomPKCECodeVerifier();
    const checks = { pkceCodeVerifier, expectedState: client.randomState(), expectedNonce: client.randomNonce() };
    const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: "openid profile email offline_access User.Read",
        code_challenge: await client.calculatePKCECodeChallenge(pkceCodeVerifier),
        code_challenge_method: "S256",
        state: checks.expectedState,
        nonce: checks.expectedNonce,
        ...parameters,
    });
    return { answer: new URL(await browse(url)), checks };
}

const { answer, checks } = await ask();
const first = await client.authorizationCodeGrant(config, answer, checks);
const claims = first.claims();
const replayed = await refusal(client.authorizationCodeGrant(config, answer, checks));

const second = await ask();
const fresh = await client.authorizationCodeGrant(config, second.answer, second.checks);
const refreshed = await client.refreshTokenGrant(config, fresh.refresh_token);
const userinfo = await client.fetchUserInfo(config, refreshed.access_token, claims.sub);
const mixedUp = await refusal(client.fetchUserInfo(config, refreshed.access_token, "another subject"));
const aged = await ask({ max_age: "3600" });
const withMaxAge = await client.authorizationCodeGrant(config, aged.answer, { ...aged.checks, maxAge: 3600 });

report({
    first, claims, refreshed, userinfo,
    refreshedClaims: refreshed.claims(),
    authTime: withMaxAge.claims().auth_time,
    replayed: { error: replayed.error, status: replayed.status, description: replayed.error_description },
    otherSubject: mixedUp.code,
    issuer: config.serverMetadata().issuer,
    endSession: client.buildEndSessionUrl(config, {
        post_logout_redirect_uri: postLogoutRedirectUri, id_token_hint: first.id_token,
    }).href,
    elsewhere: (await refusal(client.discovery(new URL(`${authority}/v2.0/`), clientId, clientSecret))).code,
});
