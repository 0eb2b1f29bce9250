// Passports and identity cards of nobody, made here from ICAO 9303 alone, with check digits of our own reckoning.
const kWeights = [7, 3, 1];

export function checkDigit(text) {
  const value = (c) => (c === '<' ? 0 : /[0-9]/.test(c) ? Number(c) : c.charCodeAt(0) - 55);
  return String([...text].reduce((sum, c, i) => sum + value(c) * kWeights[i % 3], 0) % 10);
}

const yymmdd = (date) => date.slice(2).replaceAll('-', '');

// A passport (TD3), two lines. Dates are ISO 8601.
export function passport({ issuer = 'XAA', number, primary = 'WALNUT', secondary, birth = '1984-03-14', sex = 'F', expiry = daysFromNow(900) }) {
  const name = `P<${issuer}${primary}<<${secondary}`.padEnd(44, '<');
  const fields = [number.padEnd(9, '<'), yymmdd(birth), yymmdd(expiry), ''.padEnd(14, '<')].map((field) => field + checkDigit(field));
  const [numbered, born, expires, optional] = fields;
  return `${name}\n${numbered}${issuer}${born}${sex}${expires}${optional}${checkDigit(numbered + born + expires + optional)}`;
}

export function daysFromNow(days) { return new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10); }
export function yearsAgo(years) { return `${new Date().getUTCFullYear() - years}-01-15`; }

// The same lines with another check digit behind the document number.
export function withWrongNumberDigit(text) {
  const at = text.indexOf('\n') + 10;
  const read = String((Number(text[at]) + 1) % 10);
  return { text: text.slice(0, at) + read + text.slice(at + 1), read, computed: text[at] };
}
