// Small courtesies of every page: ask before what cannot be undone, guard what was written,
// close what was opened, copy, and follow a choice. Everything works, plainer, without it.
(() => {
  const confirmed = new WeakSet();
  let dirty = null;

  // data-confirm="Words": a form or its button asks first. data-confirm-action names the button.
  function ask(text, action) {
    const dialog = document.getElementById("confirm");
    const yes = dialog.querySelector("[value=yes]");
    dialog.querySelector("#confirm-text").textContent = text;
    yes.textContent = action || yes.dataset.default;
    dialog.returnValue = "no";
    dialog.showModal();
    return new Promise((resolve) => {
      dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true });
    });
  }

  document.addEventListener("submit", (event) => {
    const form = event.target;
    const source = event.submitter?.dataset.confirm ? event.submitter : form;
    if (source.dataset.confirm && !confirmed.has(form)) {
      event.preventDefault();
      event.stopPropagation();
      ask(source.dataset.confirm, source.dataset.confirmAction).then((yes) => {
        if (!yes) return;
        confirmed.add(form);
        form.requestSubmit(event.submitter);
        confirmed.delete(form);
      });
      return;
    }
    dirty = null;
  }, true);

  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, event.target.dataset.confirmAction)
      .then((yes) => yes && event.detail.issueRequest(true));
  });

  // <form data-guard>: leaving with unsaved words asks first.
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) dirty = form;
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty?.isConnected) event.preventDefault();
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (dirty && event.detail.elt.contains(dirty)) dirty = null;
  });

  // <select data-submit> and radios submit their form when they change.
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit]")) event.target.form.requestSubmit();
  });

  document.addEventListener("click", (event) => {
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(".message, .banner").remove();

    const copy = event.target.closest("[data-copy]");
    if (copy) {
      navigator.clipboard.writeText(copy.dataset.copy).then(() => {
        document.getElementById("live-status").textContent = copy.dataset.copied || "";
        const words = copy.querySelector("[data-copy-words]");
        if (words && copy.dataset.copied) words.textContent = copy.dataset.copied;
      });
    }

    for (const open of document.querySelectorAll("details[data-close-outside][open]")) {
      if (!open.contains(event.target)) open.open = false;
    }
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const open of document.querySelectorAll("details[data-close-outside][open]")) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  function showScripted(root) {
    for (const element of root.querySelectorAll("[data-dismiss][hidden], [data-scripted][hidden]")) {
      element.hidden = false;
    }
  }
  showScripted(document);
  document.addEventListener("htmx:load", (event) => showScripted(event.target));
})();
