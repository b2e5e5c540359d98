// Light, dark, or as the system has it.

const NEXT = { auto: "light", light: "dark", dark: "auto" };
const SIGN = { auto: "◐ Auto", light: "☀ Light", dark: "☾ Dark" };

function stored() {
  try {
    const known = localStorage.getItem("theme");
    return known in NEXT ? known : "auto";
  } catch {
    return "auto"; // a browser that keeps nothing
  }
}

export function prepare(button) {
  const use = (theme) => {
    if (theme === "auto") document.documentElement.removeAttribute("data-theme");
    else document.documentElement.dataset.theme = theme;
    button.textContent = SIGN[theme];
    button.setAttribute("aria-label", `Colours: ${theme}`);
    try {
      localStorage.setItem("theme", theme);
    } catch {
      // nothing is kept then
    }
    button.onclick = () => use(NEXT[theme]);
  };
  use(stored());
}
