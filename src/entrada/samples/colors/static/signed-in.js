// Hands the answer of the platform to the documentation page that asked, in whichever tab that is.
"use strict";

new BroadcastChannel("colors-signed-in").postMessage(location.search);
history.replaceState(null, "", location.pathname); // the code is used up; the address need not remember it
window.close();
