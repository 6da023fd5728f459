// Draws the documentation page, and takes what the window that signed in sends back.  RFC 6749 §4.1.2, RFC 7636.
"use strict";

const place = document.getElementById("documentation");
const ui = SwaggerUIBundle({
  url: "openapi.json",
  domNode: place,
  oauth2RedirectUrl: new URL("docs/oauth2-redirect", location.href).href,
  deepLinking: true,
  validatorUrl: null,
});
ui.initOAuth(JSON.parse(place.dataset.oauth));

// Swagger UI leaves here what it waits for.
const waiting = () => window.swaggerUIRedirectOauth2;

function refuse(flow, message) {
  flow.errCb({ authId: flow.auth.name, source: "auth", level: "error", message });
}

new BroadcastChannel("colors-signed-in").onmessage = ({ data }) => {
  const flow = waiting();
  const answer = new URLSearchParams(data);
  if (!flow || !flow.state || answer.get("state") !== flow.state) return; // another tab's, or nobody's
  delete flow.state;
  if (!answer.get("code")) {
    refuse(flow, `${answer.get("error")}: ${answer.get("error_description") || "no code came back"}`);
    return;
  }
  flow.auth.code = answer.get("code");
  flow.callback({ auth: flow.auth, redirectUrl: flow.redirectUrl });
};
