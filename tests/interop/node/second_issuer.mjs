// An OpenID provider that is not ours (node-oidc-provider), on a free port of 127.0.0.1, with its own pages.
//
// It prints {"issuer": …}, then does what each line of its input asks: {"rotate": true} makes new keys, forgets the
// old ones at once and answers {"rotated": [kid, …]}.  It ends with its input.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { createInterface } from "node:readline";
import { Provider } from "oidc-provider";

const { redirectUri, goneTo, secret } = JSON.parse(process.argv[2]);
console.info = console.error; // its notices are no answers

const API = "https://colors.example";
const APPLICATION_SCOPE = "Colors.Read";

const signing = (kind, options, alg) => ({
  ...generateKeyPairSync(kind, options).privateKey.export({ format: "jwk" }), use: "sig", alg, kid: randomUUID(),
});
const newKeys = () => [
  signing("rsa", { modulusLength: 2048 }, "RS256"),
  signing("rsa", { modulusLength: 2048 }, "PS256"),
  signing("ec", { namedCurve: "P-256" }, "ES256"),
];

const web = (client_id, more) => ({
  client_id, client_secret: secret, redirect_uris: [redirectUri],
  post_logout_redirect_uris: [goneTo], grant_types: ["authorization_code", "refresh_token"], ...more,
});
const clients = [
  web("web-RS256", {}),
  web("web-PS256", { id_token_signed_response_alg: "PS256" }),
  web("web-ES256", { id_token_signed_response_alg: "ES256" }),
  {
    client_id: "daemon", client_secret: secret,
    grant_types: ["client_credentials"], redirect_uris: [], response_types: [],
  },
  {
    client_id: "program", token_endpoint_auth_method: "none", application_type: "native",
    redirect_uris: ["http://localhost"], post_logout_redirect_uris: ["http://localhost"],
    grant_types: ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code", "refresh_token"],
  },
];

const findAccount = (_, sub) => ({
  accountId: sub,
  claims: () => ({ sub, name: `${sub} of elsewhere`, preferred_username: `${sub}@elsewhere.example` }),
});

const configuration = (keys) => ({
  clients,
  findAccount,
  jwks: { keys },
  cookies: { keys: ["of tests alone"] },
  claims: { openid: ["sub"], profile: ["name", "preferred_username"] },
  conformIdTokenClaims: false, // the name stands in the ID token too
  enabledJWA: { idTokenSigningAlgValues: ["RS256", "PS256", "ES256"] },
  features: {
    clientCredentials: { enabled: true },
    deviceFlow: { enabled: true },
    resourceIndicators: {
      enabled: true,
      defaultResource: (ctx, client) => (client.clientId === "daemon" ? API : undefined),
      getResourceServerInfo: () => ({ scope: APPLICATION_SCOPE, audience: API, accessTokenFormat: "jwt" }),
    },
  },
  ttl: { AccessToken: 3600, IdToken: 3600, Session: 3600, Grant: 3600, Interaction: 600, DeviceCode: 600, RefreshToken: 3600, ClientCredentials: 3600 },
});

let answer;
const server = createServer((request, response) => answer(request, response));
server.listen(0, "127.0.0.1", () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const begin = () => {
    const keys = newKeys();
    answer = new Provider(issuer, configuration(keys)).callback(); // what it remembers outlives it
    return keys.map((key) => key.kid);
  };
  begin();
  console.log(JSON.stringify({ issuer }));
  createInterface({ input: process.stdin })
    .on("line", (line) => console.log(JSON.stringify({ rotated: JSON.parse(line).rotate ? begin() : [] })))
    .on("close", () => process.exit(0));
});
