// How these programs talk with the test that started them: a JSON line out, a JSON line back.
import { createInterface } from "node:readline";

const reader = createInterface({ input: process.stdin });
const lines = reader[Symbol.asyncIterator]();

/** What the test says of the server and the client's registration. */
export const settings = JSON.parse(process.argv[2]);

/** Have the person open `url`; resolves to the address the browser was sent to. */
export const browse = (url) => ask({ browse: String(url) });

/** Have the person open `url`, whose answer the browser posts to whoever listens. */
export const browseAndPost = (url) => ask({ browseAndPost: String(url) });

/** Have the person type `code` on the page at `url`, and let the device in. */
export const letIn = (url, code) => ask({ letIn: [url, code] });

/** The last word. */
export function report(result) {
    console.log(JSON.stringify({ result }));
    reader.close();
}

/** What a refused promise was refused with; a kept one is a failure of the program. */
export async function refusal(promise) {
    try {
        await promise;
    } catch (error) {
        return error;
    }
    throw new Error("was not refused");
}

async function ask(question) {
    console.log(JSON.stringify(question));
    return JSON.parse((await lines.next()).value);
}
