// Three parties sign an edition, each with its own key file, and the envelope is judged as a machine would.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { execute, root, scratch } from './support/programs.mjs';

async function crossline(...args) {
  const { code, stdout, stderr } = await execute('crossline', ['procedure', ...args]);
  return { code, stdout, stderr };
}

async function ok(...args) {
  const { code, stdout, stderr } = await crossline(...args);
  assert.equal(code, 0, stderr);
  return stdout;
}

test('the parties sign an edition', async (t) => {
  const dir = scratch(t);
  const at = (name) => join(dir, name);
  const parties = { A: ['a1', 'a2', 'a3'], B: ['b1', 'b2'], G: ['g1'] };
  const publicKeys = {};
  for (const [party, names] of Object.entries(parties)) {
    publicKeys[party] = [];
    for (const name of names) publicKeys[party].push(JSON.parse(await ok('keygen', '--key', at(name), '--json')).public_key);
  }
  const keys = at('procedure-keys.toml');
  const list = (party) => `${party} = [${publicKeys[party].map((key) => `"${key}"`).join(', ')}]`;
  writeFileSync(keys, `procedure = "river-line"\nsign = { A = 2, B = 2, G = 1 }\n[keys]\n${list('A')}\n${list('B')}\n${list('G')}\n`);
  await ok('seal', join(root, 'procedures/demo.toml'), '-o', at('sealed.json'));
  for (const name of Object.values(parties).flat()) await ok('sign', at('sealed.json'), '--key', at(name), '-o', at(`${name}.json`));
  const signed = (...names) => names.map((name) => at(`${name}.json`));
  const judge = async (envelope) => {
    const { code, stdout } = await crossline('verify', envelope, '--keys', keys, '--json');
    const answer = JSON.parse(stdout);
    assert.equal(code, answer.valid ? 0 : 1);
    return answer;
  };

  await t.test('private keys are for their owner alone and are never overwritten', async () => {
    assert.equal(statSync(at('a1')).mode & 0o777, 0o600);
    const before = readFileSync(at('a1'));
    assert.equal((await crossline('keygen', '--key', at('a1'))).code, 1);
    assert.deepEqual(readFileSync(at('a1')), before);
    chmodSync(at('a1'), 0o640);
    const open = await crossline('sign', at('sealed.json'), '--key', at('a1'), '-o', at('open.json'));
    chmodSync(at('a1'), 0o600);
    assert.equal(open.code, 1);
    assert.match(open.stderr, /^crossline: .*a1: others may read it; chmod 600$/m);
    assert.ok(!existsSync(at('open.json')));
  });
  await t.test('enough of each party', async () => {
    await ok('merge', ...signed('a1', 'a2', 'b1', 'b2', 'g1'), '-o', at('whole.json'));
    const answer = await judge(at('whole.json'));
    assert.deepEqual(Object.entries(answer.editions[0].signers).map(([party, ids]) => [party, ids.length]), [['A', 2], ['B', 2], ['G', 1]]);
  });
  await t.test('too few of one with too many of another', async () => {
    await ok('merge', ...signed('a1', 'a2', 'a3', 'b1', 'g1'), '-o', at('few.json'));
    const answer = await judge(at('few.json'));
    assert.equal(answer.refusal, 'too_few_signatures');
    assert.match(answer.message, /party A 3 of 2, party B 1 of 2, party G 1 of 1/);
  });
  await t.test('one key that signs twice', async () => {
    await ok('sign', at('few.json'), '--key', at('b1'), '-o', at('twice.json'));
    assert.equal((await judge(at('twice.json'))).refusal, 'too_few_signatures');
  });
  await t.test('a wrong signature', async () => {
    const envelope = JSON.parse(readFileSync(at('whole.json'), 'utf8'));
    envelope.signatures[0].sig = envelope.signatures[1].sig;
    envelope.signatures[1].sig = `${'A'.repeat(86)}==`;
    writeFileSync(at('wrong.json'), JSON.stringify(envelope));
    assert.equal((await judge(at('wrong.json'))).refusal, 'bad_signature');
  });
  await t.test('the same edition again', async () => {
    writeFileSync(at('again.json'), readFileSync(at('whole.json'), 'utf8').repeat(2));
    assert.equal((await judge(at('again.json'))).refusal, 'already_adopted');
  });
  await t.test('what is not the same edition is not merged', async () => {
    const other = readFileSync(join(root, 'procedures/demo.toml'), 'utf8').replace('"Northern Authority"', '"Other Authority"');
    writeFileSync(at('other.toml'), other);
    await ok('seal', at('other.toml'), '-o', at('other-sealed.json'));
    await ok('sign', at('other-sealed.json'), '--key', at('a1'), '-o', at('other.json'));
    const { code, stderr } = await crossline('merge', at('a1.json'), at('other.json'), '-o', at('no.json'));
    assert.equal(code, 1);
    assert.match(stderr, /not of the same edition/);
  });
  await t.test('nobody signs what is no edition', async () => {
    writeFileSync(at('nothing.json'), '{}');
    assert.equal((await crossline('sign', at('nothing.json'), '--key', at('a1'), '-o', at('no.json'))).code, 2);
  });
});
