// <main data-live-url="/today/events">: listens to the server's events. Each one becomes `live`
// on the body, so that an element with hx-trigger="live from:body" fetches itself anew.
(() => {
  const status = document.getElementById("live-status");
  const place = document.querySelector("[data-live-url]");
  if (!place || !window.EventSource) return;
  const waitMax = 30000;
  let source = null;
  let wait = 1000;
  let lost = false;
  let due = 0;

  function say(words) {
    if (status && words) status.textContent = words;
  }

  function changed(event) {
    clearTimeout(due);
    due = setTimeout(() => {
      document.body.dispatchEvent(new CustomEvent("live", { detail: { data: event?.data } }));
      say(status?.dataset.changed);
    }, 50);
  }

  function connect() {
    source = new EventSource(place.dataset.liveUrl);
    source.onopen = () => {
      place.dataset.liveState = "open";
      wait = 1000;
      if (!lost) return;
      lost = false;
      say(status?.dataset.back);
      changed();
    };
    source.onmessage = changed;
    source.addEventListener("live", changed);
    source.onerror = () => {
      place.dataset.liveState = "lost";
      if (!lost) say(status?.dataset.lost);
      lost = true;
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(connect, wait);
      wait = Math.min(2 * wait, waitMax);
    };
  }

  connect();
  window.addEventListener("pagehide", () => source?.close());
  window.addEventListener("pageshow", (event) => event.persisted && connect());
})();
