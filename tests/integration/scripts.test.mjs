// The scripts explain themselves, and do nothing before they have understood what they were asked for.
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execute, root, scratch } from './support/programs.mjs';

const LIMIT_MS = 20_000;
const run = ([program, ...args], options = {}) => execute(program, args, { cwd: root, limitMs: LIMIT_MS, group: true, ...options });
const STACK = /^\s+at .*:\d+:\d+\)?$/m;

const shell = readdirSync(join(root, 'scripts')).filter((name) => name.endsWith('.sh')).map((name) => [`scripts/${name}`]);
const scripts = [...shell, ['scripts/step'], ['node', 'scripts/demo.mjs'], ['node', 'scripts/skipped.mjs'], ['node', 'bench/whole.mjs']];

for (const script of scripts) {
  const name = script.at(-1);
  test(`${name} explains itself`, async () => {
    const { code, stdout, stderr } = await run([...script, '--help']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^usage: /m);
  });
  if (name === 'scripts/step') continue;  // takes any words: they are a command
  test(`${name} refuses what it does not know`, async () => {
    const { code, stdout, stderr } = await run([...script, '--onyl']);
    assert.equal(code, 2, stdout + stderr);
    assert.equal(stdout, '');
    assert.match(stderr, /--onyl/);
    assert.match(stderr, /^usage: /m);
    assert.doesNotMatch(stderr, STACK);
  });
}

test('a script that needs to be told what to do says so', async () => {
  for (const script of [['scripts/step'], ['scripts/step', 'name alone'], ['scripts/format.sh'], ['scripts/sanitize.sh'], ['node', 'scripts/skipped.mjs']]) {
    const { code, stdout, stderr } = await run(script);
    assert.equal(code, 2, `${script}: ${stderr}`);
    assert.equal(stdout, '');
    assert.match(stderr, /^usage: /m);
  }
});

test('values that are none are refused', async () => {
  for (const [script, words] of [[['scripts/demo.mjs', '--travellers', 'many'], /--travellers many: not a whole number from 1 to/], [['scripts/demo.mjs', '--travellers', '0'], /--travellers 0/],
    [['bench/whole.mjs', '--events', '1e5'], /--events 1e5/], [['bench/whole.mjs', '--only', 'live,bakclog'], /'bakclog' is none of backlog, live/], [['bench/whole.mjs', '--json', join(root, 'none/figures.json')], /--json .*none/],
    [['scripts/skipped.mjs', join(root, 'no.log')], /no\.log/]]) {
    const { code, stderr } = await run(['node', ...script]);
    assert.equal(code, 2, `${script}: ${stderr}`);
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, STACK);
  }
});

test('programs that are not built are told, and nothing is touched', async (t) => {
  const dir = scratch(t);
  const earlier = join(dir, 'demo');
  mkdirSync(earlier);
  writeFileSync(join(earlier, 'line.json'), '');
  const demo = await run(['node', 'scripts/demo.mjs', '--dir', earlier], { env: { CROSSLINE_BIN: join(dir, 'nowhere') } });
  assert.equal(demo.code, 2, demo.stderr);
  assert.match(demo.stderr, /nowhere has no crossline, crossline-server, crossline-agent; `make build` builds them/);
  assert.ok(existsSync(join(earlier, 'line.json')), 'the earlier demo is still there');
  const bench = await run(['node', 'bench/whole.mjs', '--bin', join(dir, 'nowhere')]);
  assert.equal(bench.code, 2, bench.stderr);
  assert.match(bench.stderr, /nowhere has no crossline, .*bench_disk; `make bench` builds them/);
});

test('a step of the bench that cannot be measured is named, and the next is tried all the same', async (t) => {
  const dir = scratch(t);
  for (const program of ['crossline', 'crossline-server', 'crossline-agent']) writeFileSync(join(dir, program), '#!/bin/sh\necho planted >&2; exit 1\n', { mode: 0o755 });
  const { code, stdout, stderr } = await run(['node', 'bench/whole.mjs', '--bin', dir, '--only', 'settle,live']);
  assert.equal(code, 1, stdout + stderr);
  for (const step of ['live', 'settle']) assert.match(stderr, new RegExp(`measuring: ${step}\\nwhole: ${step}: .*\\n?planted`));
  assert.match(stdout, /\(none\)/);
  assert.doesNotMatch(stderr, STACK);
});
