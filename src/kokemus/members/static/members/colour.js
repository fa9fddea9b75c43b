// Shows the chosen colour with its text and contrast before it is kept; as members/colours.py.
(() => {
  const input = document.querySelector("[data-colour]");
  const preview = document.querySelector("[data-colour-preview]");
  if (!input || !preview) return;

  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = (colour) => {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16) / 255);
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };
  const contrast = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  input.addEventListener("input", () => {
    const inks = ["#ffffff", "#17252d"];
    const ink = inks.reduce((a, b) => (contrast(input.value, a) >= contrast(input.value, b) ? a : b));
    const format = new Intl.NumberFormat(document.documentElement.lang, {
      minimumFractionDigits: 1,
      maximumFractionDigits: 1,
    });
    preview.querySelector("[data-ground]").setAttribute("fill", input.value);
    preview.querySelector("[data-ink]").setAttribute("fill", ink);
    preview.querySelector("[data-contrast]").textContent = format.format(contrast(input.value, ink));
  });
})();
