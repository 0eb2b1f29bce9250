// Configurations and procedures that are missing, misspelt or do not belong together: named, and nothing starts.
import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { execute, quietLine, root, scratch } from './support/programs.mjs';

// `config check`, the same by `crossline` and the program's own start must say the same, and end with 2.
async function refused(program, config, expected) {
  const [check, any, run] = await Promise.all([execute(program, ['config', 'check', '--config', config]), execute('crossline', ['config', 'check', config]),
    execute(program, ['run', '--config', config], { limitMs: 10_000 })]);
  for (const [what, { code, stdout, stderr }] of Object.entries({ check, any, run })) {
    assert.equal(code, 2, `${program} ${what}: ${stderr}`);
    assert.match(stderr, expected, what);
    assert.equal(stdout, '', what);
  }
}

test('the configuration of a program', async (t) => {
  const line = await quietLine(t);
  const agent = line.agents[0];
  const programs = { 'crossline-server': line.server.config, 'crossline-agent': agent.config };
  let copies = 0;
  // The same file with one change, beside the original: relative paths stay true.
  const changed = (config, change) => {
    const copy = join(dirname(config), `changed-${copies++}.toml`);
    writeFileSync(copy, change(readFileSync(config, 'utf8')));
    return copy;
  };

  for (const [program, config] of Object.entries(programs)) {
    await t.test(`${program}: in order`, async () => {
      const [own, any] = await Promise.all([execute(program, ['config', 'check', '--config', config]), execute('crossline', ['config', 'check', config])]);
      assert.equal(own.code, 0, own.stderr);
      assert.deepEqual(any, own, 'crossline says what the program says');
      const json = await execute('crossline', ['config', 'check', '--json', config]);
      assert.equal(json.code, 0, json.stderr);
      const { valid, summary, warnings } = JSON.parse(json.stdout);
      assert.deepEqual([valid, `in order: ${summary}\n`, warnings], [true, own.stdout, []]);
    });
    await t.test(`${program}: every problem as JSON`, async () => {
      const file = changed(config, (text) => text.replace(/^enrolment/m, 'enrolmnt'));
      const { code, stdout, stderr } = await execute('crossline', ['config', 'check', '--json', file]);
      assert.deepEqual([code, stderr], [2, '']);
      const { valid, problems } = JSON.parse(stdout);
      assert.equal(valid, false);
      assert.equal(problems.length, 2);
      assert.match(problems.join('\n'), /'enrolment' is missing\n.*:\d+:\d+: unknown key 'enrolmnt'/);
    });
    await t.test(`${program}: missing`, () => refused(program, join(line.dir, 'nowhere.toml'), /nowhere\.toml: No such file/));
    await t.test(`${program}: no TOML`, () => refused(program, changed(config, (text) => `${text}\n[server\n`), /changed-\d+\.toml:\d+:\d+: /));
    await t.test(`${program}: a misspelt key`, () => refused(program, changed(config, (text) => text.replace(/^listen/m, 'lisen')), /:\d+:\d+: unknown key '\w+\.lisen'; did you mean '\w+\.listen'\?/));
    await t.test(`${program}: a misspelt table`, () => refused(program, changed(config, (text) => text.replace(/^\[(people|station)\]/m, '[$1s]')), /unknown (key|table) '(people|station)s'; did you mean '(people|station)'\?/));
    await t.test(`${program}: a key that is missing`, () => refused(program, changed(config, (text) => text.replace(/^enrolment.*$/m, '')), /the key 'enrolment' is missing/));
    await t.test(`${program}: a value of another kind`, () => refused(program, changed(config, (text) => text.replace(/^listen.*$/m, 'listen = 7')), /:\d+:\d+: .*listen/));
    await t.test(`${program}: an address that is none`, () => refused(program, changed(config, (text) => text.replace(/^listen.*$/m, 'listen = "localhost:notaport"')), /localhost:notaport/));
    await t.test(`${program}: a folder of keys that is not there`, () => refused(program, changed(config, (text) => text.replace(/^enrolment.*$/m, 'enrolment = "nokeys"')), /nokeys/));
    await t.test(`${program}: a procedure that is not sealed`, () => {
      copyFileSync(join(root, 'procedures/demo.toml'), join(dirname(config), 'unsealed.toml'));
      return refused(program, changed(config, (text) => text.replace(/^procedure .*$/m, 'procedure = "unsealed.toml"')), /unsealed\.toml/);
    });
  }

  // Nothing that a server must not start for: people at the other posts need it. So it is told, at a start as well.
  await t.test('a post at a checkpoint that no edition declares', async () => {
    const enrol = (name, checkpoint) => execute('crossline', ['pki', 'enrol', '--dir', join(line.dir, 'pki'), '--agent', name, '--checkpoint', checkpoint, '--side', 'A']);
    const check = () => execute('crossline-server', ['config', 'check', '--config', line.server.config]);
    assert.equal((await check()).stderr, '');
    for (const [name, checkpoint] of [['odd-1', 'brigde'], ['odd-2', 'brigde'], ['even-1', 'valley']]) assert.equal((await enrol(name, checkpoint)).code, 0);
    const told = /registry\.toml: the post of odd-1, odd-2: edition 1 declares no checkpoint 'brigde'; did you mean 'bridge'\?/;
    const { code, stdout, stderr } = await check();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^in order/);
    assert.match(stderr, told);
    assert.doesNotMatch(stderr, /valley|even-1/);
    await line.startServer();
    assert.equal(await line.stopServer(), 0);
    assert.match(readFileSync(line.log('server'), 'utf8'), told);
    for (const name of ['odd-1', 'odd-2']) assert.equal((await execute('crossline', ['pki', 'revoke', '--dir', join(line.dir, 'pki'), '--agent', name, '--reason', 'slip'])).code, 0);
    assert.equal((await check()).stderr, '', 'revoked posts serve nobody');
  });
  await t.test('a witness', async () => {
    const { config } = line.witnesses[0];
    const [own, any, wrong] = await Promise.all([execute('crossline', ['witness', 'config', 'check', '--config', config]), execute('crossline', ['config', 'check', config]),
      execute('crossline', ['config', 'check', changed(config, (text) => text.replace(/^listen/m, 'lisen'))])]);
    assert.equal(any.code, 0, any.stderr);
    assert.deepEqual(any, own);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /unknown key 'lisen'; did you mean 'listen'\?/);
  });
  await t.test('of no program', async () => {
    const { code, stderr } = await execute('crossline', ['config', 'check', line.registry]);
    assert.equal(code, 2);
    assert.match(JSON.parse((await execute('crossline', ['config', 'check', '--json', line.registry])).stdout).problems[0], /not the configuration/);
    assert.match(stderr, /registry\.toml: not the configuration of a server \(\[people\]\), an agent \(\[station\]\) or a witness/);
  });

  await t.test('a console that is not built', () =>
    refused('crossline-server', changed(line.server.config, (text) => `${text.replace(/^pages.*$/m, '').replace(/^hosts.*$/m, 'hosts = ["localhost"]\npages = "nopages"')}`), /nopages: no built console/));
  await t.test('no name under which people reach it', () =>
    refused('crossline-server', changed(line.server.config, (text) => text.replace(/^hosts.*$/m, 'hosts = []')), /:\d+:\d+: 'people\.hosts': names nothing/));
  await t.test('a post without an officer is told', async () => {
    writeFileSync(join(line.dir, 'agents/nobody.toml'), '', { mode: 0o600 });
    const { code, stderr } = await execute('crossline-agent', ['config', 'check', '--config', changed(agent.config, (text) => text.replace(/^officers.*$/m, 'officers = "../nobody.toml"'))]);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /nobody can start a shift; add officers with `crossline-agent officer add`/);
  });

  await t.test('a key that others may read', async () => {
    const key = join(line.dir, 'pki/agents', agent.agent, 'journal.key');
    chmodSync(key, 0o644);
    await refused('crossline-agent', agent.config, /journal\.key: others may read it; chmod 600/);
    chmodSync(key, 0o600);
  });
  await t.test('a station on an address that is not loopback', () =>
    refused('crossline-agent', changed(agent.config, (text) => text.replace(/^listen.*$/m, 'listen = "0.0.0.0:7080"')), /:\d+:\d+: 'station\.listen': .*loopback address only/));
  const witness = (lines) => changed(agent.config, (text) => text.replace(/^\[witness\][^[]*/m, `[witness]\n${lines}\n`));
  await t.test('a witness whose address is none', () =>
    refused('crossline-agent', witness('url = "witness-b.example:7180"'), /:\d+:\d+: 'witness\.url'/));
  await t.test('a witness behind a certificate that nothing vouches for', () =>
    refused('crossline-agent', witness('url = "https://witness-b.example:7180"'), /'witness\.root': an https witness needs the root of its certificate/));
  await t.test('a root without a witness', () =>
    refused('crossline-agent', witness('root = "root.pem"'), /'witness\.root': there is no witness\.url/));
});

test('a procedure', async (t) => {
  const dir = scratch(t);
  const demo = readFileSync(join(root, 'procedures/demo.toml'), 'utf8');
  const check = (name, text) => {
    writeFileSync(join(dir, name), text);
    return execute('crossline', ['procedure', 'check', join(dir, name)]);
  };
  await t.test('in order', async () => {
    const { code, stderr } = await check('good.toml', demo);
    assert.equal(code, 0, stderr);
  });
  await t.test('a misspelt key: line, column, suggestion', async () => {
    const at = demo.split('\n').findIndex((text) => text.startsWith('otherwise')) + 1;
    const { code, stderr } = await check('typo.toml', demo.replace(/^otherwise/m, 'otherwis '));
    assert.equal(code, 2);
    assert.match(stderr, new RegExp(`typo\\.toml:${at}:1: article [^:]+: unknown key 'otherwis'; did you mean 'otherwise'\\?`));
  });
  await t.test('a condition that does not exist', async () => {
    const { code, stderr } = await check('condition.toml', demo.replace('document_readable = true', 'document_readble = true'));
    assert.equal(code, 2);
    assert.match(stderr, /condition\.toml:\d+:\d+: .*document_readble.*did you mean 'document_readable'/);
  });
  await t.test('a category that nobody declared', async () => {
    const { code, stderr } = await check('category.toml', demo.replace('admit = { category = "third_party" }', 'admit = { category = "third_pary" }'));
    assert.equal(code, 2);
    assert.match(stderr, /category\.toml:\d+:\d+: .*third_pary/);
  });
  await t.test('broken TOML', async () => {
    const { code, stderr } = await check('broken.toml', demo.replace('edition   = 1', 'edition   = '));
    assert.equal(code, 2);
    assert.match(stderr, /broken\.toml:\d+:\d+: /);
  });
  await t.test('every problem is named, not the first alone', async () => {
    const { stderr } = await check('two.toml', demo.replaceAll(/^otherwise/gm, 'otherwis '));
    assert.ok(stderr.match(/did you mean 'otherwise'/g).length > 1, stderr);
  });
  await t.test('a file that is missing', async () => {
    const { code, stderr } = await execute('crossline', ['procedure', 'check', join(dir, 'none.toml')]);
    assert.equal(code, 2);
    assert.match(stderr, /none\.toml/);
  });
});
