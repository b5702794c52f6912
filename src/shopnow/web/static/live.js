// Refreshes the parts of a page that are marked `data-live`; without it the page is as complete.
"use strict";
(() => {
  const parts = document.querySelectorAll("[data-live]");
  if (!parts.length) return;
  const every = 15000;
  const refresh = async () => {
    if (document.hidden || document.querySelector("[data-live]:focus-within")) return;
    try {
      const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
      if (!answer.ok || answer.redirected) { if (answer.redirected) location.reload(); return; }
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const part of document.querySelectorAll("[data-live]")) {
        const other = fresh.getElementById(part.id);
        if (other && other.innerHTML !== part.innerHTML) part.innerHTML = other.innerHTML;
      }
    } catch { /* The next round tries again; the time shown says how old the page is. */ }
  };
  setInterval(refresh, every);
})();
