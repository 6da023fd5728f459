// A page that signs in by redirect with @azure/msal-browser.  The test presses its buttons and calls `spa`.
const { authority, clientId } = await (await fetch("/settings.json")).json();
const scopes = ["User.Read"];

const client = new msal.PublicClientApplication({
    auth: {
        clientId,
        authority,
        knownAuthorities: [new URL(authority).host],
        redirectUri: location.origin,
        postLogoutRedirectUri: location.origin,
    },
    cache: { cacheLocation: "localStorage" },
});
await client.initialize();

const arrived = await client.handleRedirectPromise();
if (arrived) client.setActiveAccount(arrived.account);
const account = client.getActiveAccount();

document.querySelector("#sign-in").onclick = () => client.loginRedirect({ scopes });
document.querySelector("#sign-out").onclick = () => client.logoutRedirect({ account });
document.querySelector("#who").textContent = account ? account.username : "nobody";

window.spa = {
    arrived,
    account,
    acquire: (request) => client.acquireTokenSilent({ scopes, account, ...request }),
    consent: (more) => client.acquireTokenRedirect({ scopes: more, account }),
    call: async (url, token) => (await fetch(url, { headers: { Authorization: `Bearer ${token}` } })).json(),
};
