// What a script takes on its command line: help, slips of the pen, and programs that are not there, each told before anything is done.
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';

export const EXIT_FAILED = 1;
export const EXIT_USAGE = 2;

const script = basename(process.argv[1], '.mjs');

// Ends the script: what it was given cannot be used.
export function refuse(message) {
  console.error(`${script}: ${message}`);
  process.exit(EXIT_USAGE);
}

// The options and positionals that were given; `options` as parseArgs takes them. --help prints `usage` and ends with 0, what is
// not in it ends with 2. `positionals`: how many at least and at most.
export function readOptions(usage, options, { positionals = [0, 0] } = {}) {
  const wrong = (message) => refuse(`${message}\n\n${usage.trim()}`);
  let given;
  try {
    given = parseArgs({ options: { ...options, help: { type: 'boolean', short: 'h' } }, allowPositionals: positionals[1] > 0 });
  } catch (error) { wrong(error.message.split('. ')[0]); }
  if (given.values.help) {
    console.log(usage.trim());
    process.exit(0);
  }
  const count = given.positionals.length;
  if (count < positionals[0] || count > positionals[1]) wrong(count === 0 ? 'nothing to read was named' : `${count} files are too many`);
  return given;
}

// The value of an option that counts something.
export function countOf(option, text, { min = 1, max = Number.MAX_SAFE_INTEGER } = {}) {
  const count = /^\d+$/.test(text) ? Number(text) : NaN;
  if (!(count >= min && count <= max)) refuse(`${option} ${text}: not a whole number${max < Number.MAX_SAFE_INTEGER ? ` from ${min} to ${max}` : `, ${min} or more`}`);
  return count;
}

// The members of a list with commas; each must be one of `known`.
export function namesOf(option, text, known) {
  const names = text.split(',');
  const strange = names.find((name) => !known.includes(name));
  if (strange !== undefined) refuse(`${option}: '${strange}' is none of ${known.join(', ')}`);
  return names;
}

// Programs that the script starts: each must be in `bin`.
export function requirePrograms(bin, programs, how) {
  const missing = programs.filter((program) => !existsSync(join(bin, program)));
  if (missing.length > 0) refuse(`${bin} has no ${missing.join(', ')}; ${how}`);
}
