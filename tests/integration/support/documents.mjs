// Passports of nobody, with the check digits of ICAO 9303 part 3, section 4.9: a second implementation of them.
const value = (character) => (character === '<' ? 0 : /\d/.test(character) ? Number(character) : character.charCodeAt(0) - 55);
export const checkDigit = (text) => String([...text].reduce((sum, character, i) => sum + value(character) * [7, 3, 1][i % 3], 0) % 10);

// The two lines of a TD3 passport. `expiry` and `birth` as YYMMDD.
export function passport({ number = 'L8988901C', issuer = 'XAA', birth = '900715', sex = 'F', expiry = '301231', name = 'SPECIMEN<<ONE' } = {}) {
  const digits = number.padEnd(9, '<');
  const optional = '<'.repeat(14);
  const first = `P<${issuer}${name}`.padEnd(44, '<');
  const body = [digits, checkDigit(digits)].join('');
  const dates = [birth, checkDigit(birth), sex, expiry, checkDigit(expiry)].join('');
  const composite = checkDigit(body + birth + checkDigit(birth) + expiry + checkDigit(expiry) + optional + '<');
  return `${first}\n${body}${issuer.padEnd(3, '<')}${dates}${optional}<${composite}`;
}
// The same with the character at `position` (from 1) of line 2 replaced.
export function misread(text, position, character) {
  const [first, second] = text.split('\n');
  return `${first}\n${second.slice(0, position - 1)}${character}${second.slice(position)}`;
}
