/** What the reader chose; 'system' follows the operating system. */
export type Theme = 'system' | 'light' | 'dark';

const KEY = 'neurodata.theme';

export function readTheme(): Theme {
  const stored = localStorage.getItem(KEY);
  return stored === 'light' || stored === 'dark' ? stored : 'system';
}

/** Applies and remembers a theme: tokens are `light-dark()` pairs, so that one attribute decides. */
export function writeTheme(theme: Theme): void {
  if (theme === 'system') {
    localStorage.removeItem(KEY);
    delete document.documentElement.dataset['theme'];
  } else {
    localStorage.setItem(KEY, theme);
    document.documentElement.dataset['theme'] = theme;
  }
}

// Runs on load, before anything renders.
writeTheme(readTheme());
