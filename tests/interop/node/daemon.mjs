// A daemon on @azure/msal-node and on @azure/identity: by secret, certificate and assertion; and each refused.
import {
    ClientAssertionCredential, ClientCertificateCredential, ClientSecretCredential, WorkloadIdentityCredential,
} from "@azure/identity";
import { ConfidentialClientApplication } from "@azure/msal-node";

import { refusal, report, settings } from "./conversation.mjs";

const { authority, origin, host, tenantId, clientId, clientSecret, certificate, assertion, stranger, scope } = settings;

const msal = (how) => {
    const auth = { clientId, authority, knownAuthorities: [host], ...how };
    return new ConfidentialClientApplication({ auth }).acquireTokenByClientCredential({ scopes: [scope] });
};
const { privateKey, certificatePem, sha1, sha256 } = certificate;
const viaMsal = {
    secret: await msal({ clientSecret }),
    certificate: await msal({ clientCertificate: { thumbprintSha256: sha256, privateKey, x5c: certificatePem } }),
    oldCertificate: await msal({ clientCertificate: { thumbprint: sha1, privateKey } }),
    assertion: await msal({ clientAssertion: assertion }),
    assertionMade: await msal({ clientAssertion: async () => assertion }),
};
const refused = await refusal(msal({ clientAssertion: stranger }));

const where = { authorityHost: origin, disableInstanceDiscovery: true };
const credentials = {
    secret: new ClientSecretCredential(tenantId, clientId, clientSecret, where),
    certificate: new ClientCertificateCredential(tenantId, clientId, { certificate: privateKey + certificatePem }, where),
    chain: new ClientCertificateCredential(
        tenantId, clientId, { certificate: privateKey + certificatePem }, { ...where, sendCertificateChain: true },
    ),
    assertion: new ClientAssertionCredential(tenantId, clientId, async () => assertion, where),
    workload: new WorkloadIdentityCredential({ tenantId, clientId, tokenFilePath: settings.tokenFile, ...where }),
};
const viaIdentity = {};
for (const [name, credential] of Object.entries(credentials)) viaIdentity[name] = await credential.getToken(scope);
const wrongSecret = await refusal(new ClientSecretCredential(tenantId, clientId, "wrong", where).getToken(scope));

report({
    viaMsal, viaIdentity,
    refused: { errorCode: refused.errorCode, errorNo: refused.errorNo },
    wrongSecret: { name: wrongSecret.name, message: wrongSecret.message },
});
