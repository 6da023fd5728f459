// Sign people in by the authorization code flow (PKCE, state, nonce), call Graph and the Colors API for them, renew, sign out.
import { createHash, randomBytes } from "node:crypto";

import express from "express";
import session from "express-session";
import * as oidc from "openid-client";

const {
    PORT = "3000",
    PLATFORM = "https://localhost:8443",
    TENANT = "c0105000-0000-4000-8000-000000000001",
    CLIENT_ID = "c0105000-0000-4000-8000-00000000e951",
    CLIENT_SECRET = "repsys-dev-secret",
    COLORS = "http://127.0.0.1:5001",
} = process.env;
const ORIGIN = `http://localhost:${PORT}`;
const COLORS_API = "api://c0105000-0000-4000-8000-00000000ba51/Colors.Read";
const GRAPH = ["openid", "profile", "offline_access", "User.Read"]; // a token is for one API; the refresh token for both

const platform = await oidc.discovery(new URL(`${PLATFORM}/${TENANT}/v2.0`), CLIENT_ID, CLIENT_SECRET);
oidc.enableNonRepudiationChecks(platform); // the ID token's signature too: it is not left to TLS alone

const app = express();
app.disable("x-powered-by");
app.use((_, response, next) => {
    response.set({
        "Cache-Control": "no-store",
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; frame-ancestors 'none'",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    });
    next();
});
app.use(express.static(new URL("public", import.meta.url).pathname));
app.use(session({
    name: "example-express",
    secret: randomBytes(32).toString("hex"),
    resave: false,
    saveUninitialized: false,
    cookie: { httpOnly: true, sameSite: "lax", secure: false, maxAge: 8 * 3600_000 }, // secure, wherever it is not localhost
}));

app.get("/", async ({ session }, response) => {
    if (!session.user) return response.send(page(`
        <p>Sign in, and this application shows what two APIs tell it about you.</p>
        <p class="actions"><a class="button" href="/sign-in">Sign in</a></p>`));
    const me = await call(session, `${PLATFORM}/v1.0/me`, GRAPH);
    const { colors } = await call(session, `${COLORS}/colors`, [COLORS_API]);
    if (!session.user) return refuse(response, "your tokens can be renewed no more; sign in again.");
    response.send(page(`
        <p>Signed in as <strong id="who">${text(session.user.preferred_username)}</strong></p>
        <h2>From Graph</h2><p id="graph">${text(me.displayName)}</p>
        <h2>From the Colors API</h2><ul id="colors">${colors?.map((one) => `<li>${text(one.name)}</li>`).join("")}</ul>
        <h2>Token</h2><p>Its fingerprint is <code id="token">${fingerprint(session.tokens[GRAPH.join(" ")])}</code></p>
        <div class="actions">${button("/renew", "Renew", session)} ${button("/sign-out", "Sign out", session, "plain")}</div>`));
});

// ---- signing in ----

app.get("/sign-in", async ({ session }, response) => {
    const attempt = {
        pkceCodeVerifier: oidc.randomPKCECodeVerifier(), expectedState: oidc.randomState(), expectedNonce: oidc.randomNonce(),
    };
    // One for each tab, and no more than five: abandoned ones make room.
    session.attempts = [...(session.attempts ?? []), attempt].slice(-5);
    response.redirect(oidc.buildAuthorizationUrl(platform, {
        redirect_uri: `${ORIGIN}/callback`,
        scope: [...GRAPH, COLORS_API].join(" "), // consent to all of it at once
        code_challenge: await oidc.calculatePKCECodeChallenge(attempt.pkceCodeVerifier),
        code_challenge_method: "S256",
        state: attempt.expectedState,
        nonce: attempt.expectedNonce,
    }).href);
});

app.get("/callback", async (request, response) => {
    const attempt = request.session.attempts?.find((one) => one.expectedState === request.query.state);
    if (!attempt) return refuse(response, "This browser has not begun that sign-in: its state is not known here.");
    const answer = new URL(request.originalUrl, ORIGIN);
    const tokens = await oidc.authorizationCodeGrant(platform, answer, attempt, { scope: GRAPH.join(" ") });
    await new Promise((done, failed) => request.session.regenerate((error) => (error ? failed(error) : done())));
    Object.assign(request.session, {
        user: tokens.claims(), idToken: tokens.id_token, refreshToken: tokens.refresh_token,
        tokens: { [GRAPH.join(" ")]: kept(tokens) }, csrf: randomBytes(16).toString("hex"),
    });
    response.redirect("/");
});

app.use(express.urlencoded({ extended: false, limit: "1kb" }));
app.post(["/renew", "/sign-out"], (request, response, next) => {
    const ours = request.session.csrf && request.body?.csrf === request.session.csrf;
    return ours ? next() : refuse(response, "That did not come from a page of this application.");
});

app.post("/renew", async ({ session }, response) => {
    session.tokens = {};
    response.redirect(303, "/");
});

app.post("/sign-out", (request, response) => {
    const { idToken } = request.session;
    request.session.destroy(() => response.redirect(303, oidc.buildEndSessionUrl(platform, {
        post_logout_redirect_uri: `${ORIGIN}/`, id_token_hint: idToken,
    }).href));
});

// ---- calling APIs ----

async function call(session, url, scopes) {
    const token = session.user && await tokenFor(session, scopes);
    if (!token) return {};
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` }, redirect: "error" });
    if (!answer.ok) throw new Error(`${new URL(url).pathname} answered ${answer.status}`);
    return answer.json();
}

async function tokenFor(session, scopes) {
    const held = session.tokens[scopes.join(" ")];
    if (held && held.expiresAt > Date.now() + 60_000) return held.value;
    try {
        const tokens = await oidc.refreshTokenGrant(platform, session.refreshToken, { scope: scopes.join(" ") });
        session.refreshToken = tokens.refresh_token ?? session.refreshToken;
        session.tokens[scopes.join(" ")] = kept(tokens);
        return tokens.access_token;
    } catch (error) {
        if (error.error !== "invalid_grant" && error.error !== "interaction_required") throw error;
        delete session.user;
        return null;
    }
}

const kept = (tokens) => ({ value: tokens.access_token, expiresAt: Date.now() + tokens.expiresIn() * 1000 });

// ---- pages ----

app.use((error, _request, response, _next) => {
    const { error: name, error_description: described, message } = error.cause?.error ? error.cause : error;
    console.error(`refused: ${name ?? error.code ?? message}`);
    refuse(response, described ?? message);
});

function refuse(response, why) {
    response.status(400).send(page(`<p role="alert">You were not signed in: ${text(why)}</p>
        <p class="actions"><a class="button" href="/sign-in">Sign in</a></p>`));
}

const text = (value) => String(value ?? "").replace(/[&<>"']/g, (one) => `&#${one.charCodeAt(0)};`);
const fingerprint = ({ value }) => createHash("sha256").update(value).digest("hex").slice(0, 12);
const button = (action, label, { csrf }, look = "") =>
    `<form method="post" action="${action}"><input type="hidden" name="csrf" value="${csrf}"><button class="${look}">${label}</button></form>`;
const page = (content) => `<!doctype html><html lang="en"><meta charset="utf-8"><title>Express example</title>
    <meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/example.css">
    <main><h1>Express example</h1>${content}</main></html>`;

app.listen(Number(PORT), "127.0.0.1", () => console.log(`open ${ORIGIN}`));
