// Sign in by redirect with @azure/msal-browser, call Graph and the Colors API, renew by refresh token, sign out.
const { platform, tenant, clientId, colors } = await (await fetch("/settings.json")).json();
const GRAPH = ["User.Read"];
const COLORS = ["api://c0105000-0000-4000-8000-00000000ba51/Colors.Read"];
const $ = (id) => document.getElementById(id);

const client = new msal.PublicClientApplication({
    auth: {
        clientId,
        authority: `${platform}/${tenant}`,
        knownAuthorities: [new URL(platform).host], // so that MSAL asks nobody else about it
        redirectUri: location.origin,
        postLogoutRedirectUri: location.origin,
    },
    cache: { cacheLocation: "sessionStorage" },
});
await client.initialize();

$("sign-in").onclick = () => client.loginRedirect({ scopes: GRAPH, extraScopesToConsent: COLORS });
$("sign-out").onclick = () => client.logoutRedirect({ account: client.getActiveAccount() });
$("renew").onclick = () => show({ forceRefresh: true });

try {
    const arrived = await client.handleRedirectPromise();
    if (arrived) client.setActiveAccount(arrived.account);
    await show();
} catch (error) {
    $("alert").textContent = `You were not signed in: ${error.errorMessage ?? error.message}`;
    $("signed-out").hidden = false;
}

async function show(more = {}) {
    const account = client.getActiveAccount();
    $("signed-out").hidden = Boolean(account);
    if (!account) return;
    const token = await tokenFor(GRAPH, more);
    const me = await call(`${platform}/v1.0/me`, token);
    const found = await call(`${colors}/colors`, await tokenFor(COLORS, more));
    $("who").textContent = account.username;
    $("graph").textContent = me.displayName;
    $("colors").replaceChildren(...found.colors.map(({ name }) => Object.assign(document.createElement("li"), { textContent: name })));
    $("token").textContent = await fingerprint(token);
    $("signed-in").hidden = false;
}

async function tokenFor(scopes, more) {
    try {
        return (await client.acquireTokenSilent({ scopes, account: client.getActiveAccount(), ...more })).accessToken;
    } catch (error) {
        if (!(error instanceof msal.InteractionRequiredAuthError)) throw error;
        return client.acquireTokenRedirect({ scopes }); // leaves this page
    }
}

async function call(url, token) {
    const answer = await fetch(url, { headers: { Authorization: `Bearer ${token}` } });
    if (!answer.ok) throw new Error(`${new URL(url).pathname} answered ${answer.status}`);
    return answer.json();
}

async function fingerprint(token) {
    const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(token));
    return [...new Uint8Array(digest)].map((one) => one.toString(16).padStart(2, "0")).join("").slice(0, 12);
}
