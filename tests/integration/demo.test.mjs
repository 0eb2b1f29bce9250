// The front door: the demo makes a line, drives people through it, checks itself, and says what failed when something did.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { bin, execute, root, scratch } from './support/programs.mjs';

// The whole demo has 300 travellers; fewer take the same ways.
const demo = (dir, { programs = bin, options = ['--once', '--travellers', '40'] } = {}) =>
  execute('node', [join(root, 'scripts/demo.mjs'), ...options, '--dir', dir], { cwd: root, env: { CROSSLINE_BIN: programs }, limitMs: 140_000, group: true });

test('once: everything is checked, shown, and ended', async (t) => {
  const dir = join(scratch(t), 'demo');
  const { code, stdout, stderr } = await demo(dir);
  assert.equal(code, 0, stdout + stderr);
  for (const words of [/(\d+) of \1 visits/, /\n {2}allow {2,}\d+\n/, /\n {2}refuse {2,}2\(2\) {2,}\d+\n/, /Between the posts/, /tree head {2,}\S{44}/, /entries {2,}\d+/, /cosigned by {2,}river-line\/witness-b/, /audited by B {2,}\d+ entries, .*: clean/,
    /Everything checked/]) assert.match(stdout, words);
  assert.ok(existsSync(join(dir, 'line.json')));
});

test('once: what failed is said, and ends with 1', async (t) => {
  const dir = scratch(t);
  const programs = join(dir, 'bin');
  mkdirSync(programs);
  for (const program of ['crossline-server', 'crossline-agent']) symlinkSync(join(bin, program), join(programs, program));
  writeFileSync(join(programs, 'crossline'), `#!/bin/sh\n[ "$1" = audit ] && { echo '{"clean":false,"findings":["planted"]}'; exit 1; }\nexec '${join(bin, 'crossline')}' "$@"\n`);
  chmodSync(join(programs, 'crossline'), 0o755);
  const earlier = join(dir, 'demo');
  mkdirSync(earlier);
  for (const file of ['line.json', 'left']) writeFileSync(join(earlier, file), '');
  const { code, stdout, stderr } = await demo(earlier, { programs });
  assert.ok(!existsSync(join(earlier, 'left')), 'an earlier demo makes room');
  assert.equal(code, 1, stdout);
  assert.match(stderr, /FAILED {2}the audit is clean/);
  assert.match(stdout, /1 checks failed/);
});

test('a folder with anything else in it is not touched', async (t) => {
  const dir = scratch(t);
  writeFileSync(join(dir, 'thesis.txt'), 'the only copy');
  const { code, stderr } = await demo(dir);
  assert.equal(code, 2);
  assert.match(stderr, /is not empty and no earlier demo is in it/);
  assert.ok(existsSync(join(dir, 'thesis.txt')));
});
