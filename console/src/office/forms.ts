import { tick } from 'svelte';

/** Puts the keyboard, and with it a screen reader, on the first field that the form finds wrong. */
export async function focusFirstWrong(form: HTMLFormElement): Promise<void> {
  await tick();
  form.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
}
