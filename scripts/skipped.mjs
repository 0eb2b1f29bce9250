// Says which tests of the last run were skipped, and why.
// usage: node scripts/skipped.mjs LastTest.log [log of the console's tests]
import { readFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { inWords, skippedByCtest, skippedByVitest } from './lib/skipped.mjs';

const [ctest, vitest] = process.argv.slice(2).map((path) => stripVTControlCharacters(readFileSync(path, 'utf8')));
if (ctest === undefined) {
  console.error('usage: node scripts/skipped.mjs LastTest.log [log of the console\'s tests]');
  process.exit(2);
}
console.log(`==> ${inWords([...skippedByCtest(ctest), ...skippedByVitest(vitest ?? '')])}`);
