// Serves the page, MSAL and the page's settings: an application in the browser needs no more of a server.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";

const {
    PORT = "3001",
    PLATFORM = "https://localhost:8443",
    TENANT = "c0105000-0000-4000-8000-000000000001",
    CLIENT_ID = "c0105000-0000-4000-8000-0000000005fa",
    COLORS = "http://127.0.0.1:5001",
} = process.env;
const file = (name) => () => readFile(new URL(name, import.meta.url));
const FOUND = {
    "/": ["text/html", file("index.html")],
    "/example.css": ["text/css", file("example.css")],
    "/app.mjs": ["text/javascript", file("app.mjs")],
    "/msal.js": ["text/javascript", file("node_modules/@azure/msal-browser/lib/msal-browser.min.js")],
    "/settings.json": ["application/json", () => JSON.stringify({ platform: PLATFORM, tenant: TENANT, clientId: CLIENT_ID, colors: COLORS })],
};
const POLICY = `default-src 'none'; script-src 'self'; img-src data:; style-src 'self'; connect-src 'self' ${PLATFORM} ${COLORS}; `
    + `frame-src ${PLATFORM}; frame-ancestors 'self'`; // MSAL asks in a hidden frame of our own origin

createServer(async (request, response) => {
    const [kind, read] = FOUND[new URL(request.url, "http://localhost").pathname] ?? [];
    if (!read) return response.writeHead(404).end();
    const headers = { "Content-Type": `${kind}; charset=utf-8`, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-cache" };
    response.writeHead(200, { ...headers, "Content-Security-Policy": POLICY }).end(await read());
}).listen(Number(PORT), "127.0.0.1", () => console.log(`open http://localhost:${PORT}`));
