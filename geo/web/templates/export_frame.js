// Stands in for the frame that the map has in the app: a click opens the quotes of a country.
window.Streamlit = {
  RENDER_EVENT: "render",
  events: new EventTarget(),
  setFrameHeight() {},
  setComponentValue({ code }) {
    const found = [...document.querySelectorAll("details[data-countries]")].filter((section) =>
      section.dataset.countries.split("-").includes(code));
    for (const section of found) section.open = true;
    if (found.length) found[0].scrollIntoView({ behavior: "smooth", block: "center" });
  },
};
if (matchMedia("(prefers-color-scheme: dark)").matches) {
  document.documentElement.style.setProperty("--background-color", "#0e1117");
}
