// Comforts of the console, none of which anything depends on: an expiry that counts down.
"use strict";
function words(seconds) {
  if (seconds <= 0) return "expired";
  const minutes = Math.floor(seconds / 60);
  return minutes ? `ends in ${minutes} min ${seconds % 60} s` : `ends in ${seconds} s`;
}
for (const place of document.querySelectorAll("[data-left]")) {
  const ends = Date.now() + Number(place.dataset.left) * 1000;
  const tick = () => { place.textContent = words(Math.max(0, Math.round((ends - Date.now()) / 1000))); };
  tick();
  setInterval(tick, 1000);
}
