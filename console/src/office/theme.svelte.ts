// Light, dark, or as the machine has it.
export type Theme = 'auto' | 'light' | 'dark';

const kStorageKey = 'crossline.theme';
const kThemes: readonly Theme[] = ['auto', 'light', 'dark'];

class ThemeChoice {
  chosen = $state<Theme>('auto');

  start(): void {
    const stored = localStorage.getItem(kStorageKey);
    this.choose(kThemes.find((theme) => theme === stored) ?? 'auto');
  }

  choose(theme: Theme): void {
    this.chosen = theme;
    localStorage.setItem(kStorageKey, theme);
    if (theme === 'auto') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = theme;
  }
}

export const theme = new ThemeChoice();
