// What a run says about the tests it did not run: CTest and vitest are silent about them when all else passes.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inWords, skippedByCtest, skippedByVitest } from '../../scripts/lib/skipped.mjs';

const CTEST_LOG = `1/3 Testing: unit_merkle
1/3 Test: unit_merkle
[ RUN      ] MerkleVectors.AgreeOnEveryInclusionProof
/src/tests/unit/merkle/proof_vectors_test.cpp:77: Skipped
no third-party vectors

[  SKIPPED ] MerkleVectors.AgreeOnEveryInclusionProof (0 ms)
[ RUN      ] ZoneOffsets.TurnASkippedLocalTimeIntoTheInstantOfTheChange
[       OK ] ZoneOffsets.TurnASkippedLocalTimeIntoTheInstantOfTheChange (0 ms)
[  SKIPPED ] 1 test, listed below:
[  SKIPPED ] MerkleVectors.AgreeOnEveryInclusionProof
2/3 Test: integration_disk_full
﹣ the disk of the server is full (1.99ms) # needs root
▶ others
  ﹣ one within (0.24ms) # SKIP
✔ others (0.9ms)
3/3 Test: integration_disk_full
﹣ the disk of the server is full (1.99ms) # needs root
`;

test('skipped tests of GoogleTest and of node are named once, with their reasons', () => {
  assert.deepEqual(skippedByCtest(CTEST_LOG), [
    { program: 'unit_merkle', test: 'MerkleVectors.AgreeOnEveryInclusionProof', reason: 'no third-party vectors' },
    { program: 'integration_disk_full', test: 'the disk of the server is full', reason: 'needs root' },
    { program: 'integration_disk_full', test: 'one within', reason: '' },
  ]);
});

test('skipped tests of vitest are named', () => {
  const log = ' ✓ src/a.test.ts > passes 3ms\n ↓ src/a.test.ts > notes > verify\n ↓ src/a.test.ts > late 2ms\n Tests  1 passed | 2 skipped (3)\n';
  assert.deepEqual(skippedByVitest(log).map((one) => one.test), ['src/a.test.ts > notes > verify', 'src/a.test.ts > late']);
});

test('in words: all of them, or that there are none', () => {
  assert.equal(inWords([]), 'no test was skipped');
  assert.equal(inWords(skippedByCtest(CTEST_LOG)), `3 tests were skipped:
  unit_merkle: no third-party vectors
    MerkleVectors.AgreeOnEveryInclusionProof
  integration_disk_full: needs root
    the disk of the server is full
  integration_disk_full
    one within`);
});
