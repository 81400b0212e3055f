/** Light or dark: as the system has it, until somebody says otherwise here. */
import { useEffect, useState } from 'react';

const KEY = 'triage.theme';
type Theme = 'light' | 'dark';

function kept(): Theme | null {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === 'light' || theme === 'dark' ? theme : null;
  } catch {
    return null;
  }
}

export function useTheme(): { isDark: boolean; toggle: () => void } {
  const [own, setOwn] = useState(kept);
  const [isSystemDark, setSystemDark] = useState(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const isDark = own === null ? isSystemDark : own === 'dark';
  useEffect(() => {
    const query = matchMedia('(prefers-color-scheme: dark)');
    const changed = (): void => setSystemDark(query.matches);
    query.addEventListener('change', changed);
    return () => query.removeEventListener('change', changed);
  }, []);
  useEffect(() => {
    if (own === null) delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = own;
  }, [own]);
  const toggle = (): void => {
    const next: Theme = isDark ? 'light' : 'dark';
    setOwn(next);
    try {
      localStorage.setItem(KEY, next);
    } catch {
      // It lasts until the page is left, then.
    }
  };
  return { isDark, toggle };
}
