// The theme the reader chose is kept in a cookie, so that the server can draw it at once.
(() => {
  const root = document.documentElement;
  const year = 60 * 60 * 24 * 365;

  function choose(theme) {
    const secure = location.protocol === "https:" ? "; Secure" : "";
    if (theme === "system") delete root.dataset.theme;
    else root.dataset.theme = theme;
    const age = theme === "system" ? 0 : year;
    document.cookie = `theme=${theme}; Path=/; Max-Age=${age}; SameSite=Lax${secure}`;
    show();
    document.dispatchEvent(new CustomEvent("themechange"));
  }

  function show() {
    const theme = root.dataset.theme || "system";
    for (const button of document.querySelectorAll("[data-theme-switch] button")) {
      button.setAttribute("aria-pressed", String(button.value === theme));
    }
  }

  for (const group of document.querySelectorAll("[data-theme-switch]")) {
    group.hidden = false;
    group.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) choose(button.value);
    });
  }
  show();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () =>
    document.dispatchEvent(new CustomEvent("themechange")));
})();
