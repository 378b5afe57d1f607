/**
 * What the page remembers of its user's choices in this browser: dark or light, nothing else.
 *
 * Knows: local storage, which may be forbidden.
 */

const KEY = "medical-x/theme";

export type Theme = "dark" | "light";

export function rememberedTheme(): Theme {
  try {
    return localStorage.getItem(KEY) === "light" ? "light" : "dark";
  } catch {
    return "dark";
  }
}

/** Remember a theme; nothing is kept for the dark one, which is how the page starts. */
export function rememberTheme(theme: Theme): void {
  try {
    if (theme === "dark") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, theme);
  } catch {
    // The choice holds until the page is closed.
  }
}
