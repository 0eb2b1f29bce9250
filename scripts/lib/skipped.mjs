// Which tests were skipped, read from what the runners wrote: a runner that passes says nothing of them.

const CTEST_TEST = /^\d+\/\d+ Test: (.+)$/;
const GTEST_REASON_FOLLOWS = /: Skipped$/;
const GTEST_SKIPPED = /^\[ {2}SKIPPED \] (\S+) \(\d+ ms\)$/;  // not the list at the end, which has no time
const NODE_SKIPPED = /^\s*﹣ (.+) \([\d.]+ms\) # (.+)$/;
const VITEST_SKIPPED = /^\s*↓ (.+?)(?: \d+ms)?$/;

// `log`: CTest's LastTest.log. One { program, test, reason } each; a test that ran twice is named once.
export function skippedByCtest(log) {
  const skipped = new Map();
  let program = '';
  let reason = '';
  const lines = log.split('\n');
  const add = (test, why) => skipped.set(`${program} ${test}`, { program, test, reason: why });
  lines.forEach((line, index) => {
    const [, begun] = CTEST_TEST.exec(line) ?? [];
    const [, ofGtest] = GTEST_SKIPPED.exec(line) ?? [];
    const [, ofNode, why] = NODE_SKIPPED.exec(line) ?? [];
    if (begun) program = begun;
    if (GTEST_REASON_FOLLOWS.test(line)) reason = lines[index + 1]?.trim() ?? '';
    if (ofGtest) add(ofGtest, reason);
    if (ofNode) add(ofNode, why === 'SKIP' ? '' : why);
  });
  return [...skipped.values()];
}

// `log`: what vitest's verbose reporter printed.
export function skippedByVitest(log) {
  return log.split('\n').map((line) => VITEST_SKIPPED.exec(line)?.[1]).filter(Boolean).map((test) => ({ program: 'console', test, reason: '' }));
}

// What a person reads at the end of a run: a line for each program and reason, then its tests.
export function inWords(skipped) {
  if (skipped.length === 0) return 'no test was skipped';
  const groups = new Map();
  for (const { program, test, reason } of skipped) {
    const head = `${program}${reason ? `: ${reason}` : ''}`;
    groups.set(head, [...(groups.get(head) ?? []), test]);
  }
  return [`${skipped.length} test${skipped.length === 1 ? ' was' : 's were'} skipped:`,
    ...[...groups].flatMap(([head, tests]) => [`  ${head}`, ...tests.map((test) => `    ${test}`)])].join('\n');
}
