// Charts arrive drawn by the server. Where scripts run, a chart that comes into view is drawn
// again from the same specification, so that it fits its place and answers to the pointer.
// `ast: true` interprets Vega's expressions, as the content security policy forbids eval.
(() => {
  const bundle = document.currentScript.dataset.bundle;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let loading = null;

  function load() {
    loading ??= new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = bundle;
      script.onload = () => (window.vegaEmbed ? resolve(window.vegaEmbed) : reject(new Error(bundle)));
      script.onerror = reject;
      document.head.append(script);
    });
    return loading;
  }

  function isDark() {
    const theme = document.documentElement.dataset.theme;
    return theme ? theme === "dark" : dark.matches;
  }

  function recolour(text, colours) {
    return text.replace(/#[0-9a-f]{6}/g, (colour) => colours[colour] || colour);
  }

  function read(figure) {
    const block = figure.querySelector("script[type='application/json']");
    const { spec, colours, locale } = JSON.parse(block.textContent);
    const text = JSON.stringify(spec);
    return { spec: fit(JSON.parse(isDark() ? recolour(text, colours) : text), figure), locale };
  }

  function fit(spec, figure) {
    const meta = spec.usermeta;
    delete spec.usermeta;
    if (meta && figure.clientWidth < meta.below) {
      spec.height = meta.narrow.height;
      spec.config.axisY = meta.narrow.axisY;
    }
    return spec;
  }

  async function draw(figure) {
    try {
      const vegaEmbed = await load();
      const { spec, locale } = read(figure);
      const place = document.createElement("div");
      figure.querySelector(".chart-spare").replaceChildren(place);
      const result = await vegaEmbed(place, spec, {
        ast: true, renderer: "svg", actions: false, defaultStyle: false,
        tooltip: { disableDefaultStyle: true }, formatLocale: locale,
      });
      name(figure, place);
      figure.vegaResult?.finalize();
      figure.vegaResult = result;
      swap(figure);
    } catch {
      figure.dataset.chart = "still";
    }
  }

  function name(figure, place) {
    const drawing = place.querySelector("svg");
    drawing.setAttribute("role", "img");
    drawing.setAttribute("aria-label", figure.dataset.label);
  }

  function swap(figure) {
    const [shown, spare] = [".chart-drawing", ".chart-spare"].map((part) => figure.querySelector(part));
    shown.replaceChildren(...spare.childNodes);
    figure.dataset.chart = "live";
  }

  const seen = new IntersectionObserver((entries) => {
    for (const entry of entries) {
      if (!entry.isIntersecting) continue;
      seen.unobserve(entry.target);
      draw(entry.target);
    }
  }, { rootMargin: "200px" });

  function watch(root) {
    for (const figure of root.querySelectorAll("figure[data-chart='drawn']")) seen.observe(figure);
  }

  watch(document);
  document.addEventListener("htmx:load", (event) => watch(event.target));
  document.addEventListener("themechange", () => {
    for (const figure of document.querySelectorAll("figure[data-chart='live']")) draw(figure);
  });
})();
