// Starts allauth's passkey forms from data blocks, and says in words when a passkey fails.
(() => {
  function start(block) {
    const form = window.allauth.webauthn.forms[block.dataset.passkey];
    form(JSON.parse(block.textContent));
  }

  document.addEventListener("allauth.error", (event) => {
    event.preventDefault();
    for (const text of document.querySelectorAll("[data-passkey-error]")) text.hidden = false;
  });

  for (const block of document.querySelectorAll("script[data-passkey]")) start(block);
})();
