// Keys as a keyboard sends them: the code of the key is what was pressed, the character is what the layout makes of it.
const usLetters = 'abcdefghijklmnopqrstuvwxyz';

// What a layout makes of the key that is `character` on a US keyboard; null for what it leaves alone.
const rows = {
  ru: { from: "qwertyuiop[]asdfghjkl;'zxcvbnm,.", to: 'йцукенгшщзхъфывапролджэячсмитьбю', shifted: { '<': 'Б', '#': '№' } },
  hy: { from: 'qwertyuiopasdfghjklzxcvbnm1234567890', to: 'քոեռտըւիօպասդֆգհճքլզղցվբնմէթփձջւևրչճ', shifted: { '<': '«', '#': '՝' } },
  fr: { from: 'qwazm1234567890', to: 'azqw,&é"\'(-è_çà', shifted: { '<': '?', '#': '"' } },
};

function printed(us, layout) {
  const row = rows[layout];
  if (!row) return us;
  if (row.shifted[us] !== undefined) return row.shifted[us];
  const at = row.from.indexOf(us.toLowerCase());
  if (at < 0) return us;
  const character = [...row.to][at];
  return us !== us.toLowerCase() ? character.toUpperCase() : character;
}

// { code, key, modifiers, virtual code } of the key that types `us` on a US keyboard.
function stroke(us, layout) {
  const kShift = 8;
  if (us === '\n') return { code: 'Enter', key: 'Enter', text: '\r', modifiers: 0, windowsVirtualKeyCode: 13 };
  if (us === '\t') return { code: 'Tab', key: 'Tab', modifiers: 0, windowsVirtualKeyCode: 9 };
  const key = printed(us, layout);
  if (us === '<') return { code: 'Comma', key, text: key, modifiers: kShift, windowsVirtualKeyCode: 188 };
  if (us === '#') return { code: 'Digit3', key, text: key, modifiers: kShift, windowsVirtualKeyCode: 51 };
  if (/[0-9]/.test(us)) return { code: `Digit${us}`, key, text: key, modifiers: 0, windowsVirtualKeyCode: us.charCodeAt(0) };
  if (usLetters.includes(us.toLowerCase())) {
    return { code: `Key${us.toUpperCase()}`, key, text: key, modifiers: us === us.toUpperCase() ? kShift : 0, windowsVirtualKeyCode: us.toUpperCase().charCodeAt(0) };
  }
  throw new Error(`no key for ${JSON.stringify(us)}`);
}

// Real key presses through the browser's own input, not events made by a script.
export class Keyboard {
  constructor(devtools) { this.devtools = devtools; }

  static async of(page) { return new Keyboard(await page.context().newCDPSession(page)); }

  // As a keyboard-wedge reader: as fast as it goes, or `paced`: each key when the page has taken the one before, as a real reader's
  // few milliseconds let it. A newline is the terminator unless another one is named.
  async read(text, { layout = 'us', terminator = '\n', framing = ['', ''], paced = false } = {}) {
    const keys = [...framing[0], ...text.replaceAll('\n', terminator), ...framing[1], terminator];
    if (!paced) return void (await Promise.all(keys.flatMap((us) => this.#press(us, layout))));
    for (const us of keys) await Promise.all(this.#press(us, layout));
  }

  // As a hand: a pause after each key, and Enter after each line.
  async type(text, { layout = 'us', gapMs = 45 } = {}) {
    for (const us of `${text}\n`) {
      await Promise.all(this.#press(us, layout));
      await new Promise((done) => setTimeout(done, gapMs));
    }
  }

  #press(us, layout) {
    const { text, ...key } = stroke(us, layout);
    return [this.devtools.send('Input.dispatchKeyEvent', { type: text ? 'keyDown' : 'rawKeyDown', ...key, ...(text ? { text } : {}) }),
      this.devtools.send('Input.dispatchKeyEvent', { type: 'keyUp', ...key })];
  }
}
