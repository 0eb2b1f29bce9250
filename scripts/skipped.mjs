// Says which tests of the last run were skipped, and why.
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { readOptions, refuse } from './lib/options.mjs';
import { inWords, skippedByCtest, skippedByVitest } from './lib/skipped.mjs';

const USAGE = `
usage: node scripts/skipped.mjs LastTest.log [log of the console's tests]
Exit codes: 0 said, 2 wrong usage or a log that cannot be read.`;

const textOf = (path) => {
  try { return stripVTControlCharacters(readFileSync(path, 'utf8')); } catch (error) { return refuse(error.message); }
};

const [ctest, vitest] = readOptions(USAGE, {}, { positionals: [1, 2] }).positionals.map(textOf);
console.log(`==> ${inWords([...skippedByCtest(ctest), ...skippedByVitest(vitest ?? '')])}`);
