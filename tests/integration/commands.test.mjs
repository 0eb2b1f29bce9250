// What each program says to somebody who asks for help, mistypes, or has no server to talk to.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bin, execute, quietLine, root, scratch } from './support/programs.mjs';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const subcommands = {
  crossline: ['accounts add', 'accounts list', 'config check', 'ledger verify', 'load', 'mrz', 'pki init', 'pki enrol', 'pki revoke', 'pki list', 'procedure new', 'procedure check', 'procedure show',
    'procedure analyse', 'procedure diff', 'procedure simulate', 'procedure seal', 'procedure explain', 'procedure test', 'procedure keygen', 'procedure sign', 'procedure merge', 'procedure verify', 'procedure submit', 'setup', 'travellers'],
  'crossline-server': ['run', 'config check', 'suspension list', 'suspension lift'],
  'crossline-agent': ['run', 'scan', 'config check', 'officer add'],
};

for (const [program, commands] of Object.entries(subcommands)) {
  test(`${program} explains itself`, async () => {
    const [help, version, nothing] = await Promise.all([execute(program, ['--help']), execute(program, ['--version']), execute(program, [])]);
    assert.equal(help.code, 0);
    assert.match(help.stdout, new RegExp(`Usage: ${program} .*SUBCOMMAND`), 'the name alone, wherever it was started from');
    assert.equal(version.code, 0);
    assert.match(version.stdout, /\d+\.\d+\.\d+/);
    assert.equal(nothing.code, 2, 'without arguments');
    assert.match(nothing.stderr, /subcommand is required/i);
  });

  test(`${program}: every command explains itself`, async () => {
    await Promise.all(commands.map(async (command) => {
      const { code, stdout, stderr } = await execute(program, [...command.split(' '), '--help']);
      assert.equal(code, 0, `${command} --help: ${stderr}`);
      assert.match(stdout, /Usage: /, command);
    }));
  });

  test(`${program} names what was mistyped`, async () => {
    const command = commands[0].split(' ')[0];
    const { code, stdout, stderr } = await execute(program, [`${command}x`]);
    assert.equal(code, 2);
    assert.equal(stdout, '');
    assert.match(stderr, new RegExp(`unknown command '${command}x'; did you mean '${command}'\\?`));
  });
}

test('an option that is missing or unknown is named', async () => {
  const [missing, unknown] = await Promise.all([execute('crossline-server', ['run']), execute('crossline', ['mrz', '--as-red'])]);
  assert.equal(missing.code, 2);
  assert.match(missing.stderr, /--config is required/);
  assert.equal(unknown.code, 2);
  assert.match(unknown.stderr, /--as-red/);
});

test('without a server', async (t) => {
  const line = await quietLine(t, { extraAgents: 1 });
  const pki = join(line.dir, 'pki');
  await t.test('load says that nobody listens', async () => {
    const { code, stderr } = await execute('crossline', ['load', '--pki', pki, '--server', `127.0.0.1:${line.server.agentsPort}`, '--events', '10']);
    assert.equal(code, 1);
    assert.match(stderr, /Connection refused/);
  });
  await t.test('load takes no rate below nothing', async () => {
    const { code, stderr } = await execute('crossline', ['load', '--pki', pki, '--server', `127.0.0.1:${line.server.agentsPort}`, '--rate', '-5']);
    assert.equal(code, 2);
    assert.match(stderr, /--rate/);
  });
  await t.test('the ledger can be verified before there is one, which is refused', async () => {
    const { code, stderr } = await execute('crossline', ['ledger', 'verify', join(line.dir, 'none.db'), '--registry', line.registry]);
    assert.equal(code, 2);
    assert.match(stderr, /none\.db/);
  });
  await t.test('accounts are listed all the same', async () => {
    const { code, stdout } = await execute('crossline', ['accounts', 'list', '--store', join(line.dir, 'server/data/accounts.db')]);
    assert.equal(code, 0);
    assert.match(stdout, /a\.supervisor/);
    for (const { password } of line.accounts) assert.ok(!stdout.includes(password), 'no password in a list');
  });
  await t.test('the registry is listed', async () => {
    const { code, stdout } = await execute('crossline', ['pki', 'list', '--dir', pki, '--json']);
    assert.equal(code, 0);
    const names = JSON.parse(stdout).agents.map(({ agent }) => agent);
    assert.deepEqual(names.sort(), ['bridge-a-1', 'bridge-b-1', 'load-01']);
  });
});

test('a ledger that is none is refused with its name', async (t) => {
  const dir = scratch(t);
  const { code, stderr } = await execute('crossline', ['ledger', 'verify', new URL(import.meta.url).pathname, '--registry', join(dir, 'none.toml')]);
  assert.equal(code, 2);
  assert.match(stderr, /none\.toml|commands\.test\.mjs/);
});

test('what a file says wrongly is told with the name of the file', async (t) => {
  const dir = scratch(t);
  const wrong = join(dir, 'wrong.txt');
  writeFileSync(wrong, 'nothing that any of them reads');
  for (const args of [['ledger', 'verify', wrong, '--registry', wrong], ['audit', '--store', wrong, '--registry', wrong], ['proof', 'check', wrong], ['proof', 'check', wrong, '--registry', wrong],
    ['config', 'check', wrong], ['mrz', join(dir, 'none.txt')]]) {
    const { code, stdout, stderr } = await execute('crossline', args);
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.equal(stdout, '');
    assert.match(stderr, /^crossline: [^\n]*(?:wrong|none)\.txt/, args.join(' '));
    assert.doesNotMatch(stderr, /crossline: crossline:/);
  }
});

test('a file that is not there is wrong input in every command, and its neighbour is named', async (t) => {
  const dir = scratch(t);
  const at = (name) => join(dir, name);
  const line = at('line');
  const demo = join(root, 'procedures/demo.toml');
  const made = await execute('crossline', ['setup', '--dir', line, '--procedure', demo]);
  assert.equal(made.code, 0, made.stderr);
  const registry = join(line, 'pki/registry.toml');
  const sealed = join(line, 'procedure.json');
  writeFileSync(at('ledger.db'), '');
  const missing = at('ledgre.db');
  for (const args of [['mrz', missing], ['accounts', 'list', '--store', missing], ['accounts', 'disable', 'nobody', '--store', missing], ['audit', '--store', missing, '--registry', registry],
    ['audit', '--store', at('ledger.db'), '--registry', missing], ['audit', '--mirror', missing, '--registry', registry], ['audit', 'statistics', missing, '--store', at('ledger.db'), '--registry', registry],
    ['ledger', 'verify', missing, '--registry', registry], ['config', 'check', missing], ['procedure', 'check', missing], ['procedure', 'diff', demo, missing],
    ['procedure', 'simulate', demo, '--store', missing, '--registry', registry], ['procedure', 'explain', demo, '--facts', missing], ['procedure', 'test', '--kit', missing],
    ['procedure', 'sign', missing, '--key', join(line, 'signing/A-1.key'), '-o', at('no.json')], ['procedure', 'sign', sealed, '--key', missing, '-o', at('no.json')],
    ['procedure', 'merge', missing, '-o', at('no.json')], ['procedure', 'verify', missing, '--keys', join(line, 'procedure-keys.toml')], ['procedure', 'verify', sealed, '--keys', missing],
    ['procedure', 'submit', missing, '--server', 'https://localhost:1', '--ca', missing, '--user', 'nobody'], ['procedure', 'submit', sealed, '--server', 'https://localhost:1', '--ca', missing, '--user', 'nobody'],
    ['proof', 'check', missing], ['proof', 'receipt', missing, '--policy', missing], ['witness', 'run', '--config', missing], ['witness', 'config', 'check', '--config', missing],
    ['setup', '--dir', at('other'), '--procedure', missing], ['load', '--pki', join(line, 'pki'), '--server', 'localhost:1', '--agents', 'bridge', '--volumes', missing],
    ['pki', 'list', '--dir', missing], ['pki', 'enrol', '--dir', missing, '--agent', 'a-1', '--checkpoint', 'bridge', '--side', 'A'],
    ['pki', 'enrol', '--dir', join(line, 'pki'), '--agent', 'a-1', '--checkpoint', 'bridge', '--side', 'A', '--procedure', missing]]) {
    const { code, stdout, stderr } = await execute('crossline', args);
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.equal(stdout, '', args.join(' '));
    assert.match(stderr, /^crossline: [^\n]*ledgre\.db/, args.join(' '));
    if (!['config', 'witness', 'pki'].includes(args[0]) || args.includes('--procedure')) assert.match(stderr, /did you mean 'ledger\.db'\?/, args.join(' '));
    assert.ok(!existsSync(missing), `${args.join(' ')} made what it was to read`);
  }
});

test('an account is added to the store that was meant', async (t) => {
  const store = join(scratch(t), 'accounts.db');
  const add = ['accounts', 'add', 'a.supervisor1', '--store', store, '--party', 'A', '--role', 'supervisor'];
  const without = await execute('crossline', add);
  assert.equal(without.code, 2);
  assert.match(without.stderr, /no password/);
  assert.ok(!existsSync(store), 'nothing was made for nothing');
  const password = join(store, '../password');
  writeFileSync(password, 'correct horse battery staple\n', { mode: 0o600 });
  chmodSync(password, 0o644);
  const open = await execute('crossline', [...add, '--password-file', password]);
  assert.equal(open.code, 1);
  assert.match(open.stderr, /^crossline: .*password: others may read it; chmod 600$/m);
  assert.ok(!existsSync(store), 'nothing was made for a password that others may know');
  chmodSync(password, 0o600);
  const added = await execute('crossline', [...add, '--password-file', password]);
  assert.equal(added.code, 0, added.stderr);
  assert.match(added.stderr, /accounts\.db is new/);
});

test('the checkpoint of an enrolled agent is one that was agreed', async (t) => {
  const dir = scratch(t);
  const pki = join(dir, 'pki');
  const demo = join(root, 'procedures/demo.toml');
  assert.equal((await execute('crossline', ['pki', 'init', '--dir', pki, '--line', 'river-line'])).code, 0);
  const enrol = (agent, checkpoint, ...more) => execute('crossline', ['pki', 'enrol', '--dir', pki, '--agent', agent, '--checkpoint', checkpoint, '--side', 'A', ...more]);
  const [far, near] = [await enrol('one', 'nowhere', '--procedure', demo), await enrol('one', 'brigde', '--procedure', demo)];
  for (const { code, stderr } of [far, near]) assert.equal(code, 2, stderr);
  assert.match(far.stderr, /demo\.toml: edition 1 declares no checkpoint 'nowhere'; it declares /);
  assert.match(near.stderr, /did you mean 'bridge'\?/);
  assert.equal((await enrol('one', 'bridge', '--procedure', demo)).code, 0, 'nothing was enrolled before');
  const alike = await enrol('two', 'brigde');
  assert.equal(alike.code, 0);
  assert.match(alike.stderr, /no other agent serves checkpoint 'brigde'; if you meant 'bridge'/);
  assert.equal((await enrol('three', 'nowhere')).stderr, '', 'a new checkpoint is nothing unusual');
});

test('a line is set up with the checkpoints of its procedure', async (t) => {
  const dir = scratch(t);
  const demo = readFileSync(join(root, 'procedures/demo.toml'), 'utf8');
  const set = (name, ...more) => execute('crossline', ['setup', '--dir', join(dir, name), '--procedure', join(root, 'procedures/demo.toml'), ...more]);
  for (const [words, ...wrong] of [[/demo\.toml: edition 1 declares no checkpoint 'nowhere'; it declares bridge, valley/, '--checkpoint', 'nowhere'],
    [/declares no checkpoint 'brigde'; did you mean 'bridge'\?/, '--checkpoint', 'valley', '--checkpoint', 'brigde'], [/'valley' is given twice/, '--checkpoint', 'valley', '--checkpoint', 'valley'],
    [/no 4 ports from 65533 on/, '--station-port', '65533']]) {
    const { code, stderr } = await set('refused', ...wrong);
    assert.equal(code, 2, stderr);
    assert.match(stderr, words);
    assert.ok(!existsSync(join(dir, 'refused')), 'nothing was made');
  }
  const unsigned = join(dir, 'unsigned.toml');
  writeFileSync(unsigned, demo.replace(/^sign .*$/m, ''));
  const nobody = await execute('crossline', ['setup', '--dir', join(dir, 'refused'), '--procedure', unsigned]);
  assert.equal(nobody.code, 2);
  assert.match(nobody.stderr, /unsigned\.toml: it does not say how many of party A sign an edition/);

  const posts = (name) => JSON.parse(readFileSync(join(dir, name, 'line.json'), 'utf8')).agents.map(({ agent }) => agent);
  assert.equal((await set('all')).code, 0);
  assert.deepEqual(posts('all'), ['bridge-a-1', 'bridge-b-1', 'valley-a-1', 'valley-b-1']);
  assert.equal((await set('one', '--checkpoint', 'valley')).code, 0);
  assert.deepEqual(posts('one'), ['valley-a-1', 'valley-b-1']);
});

test('what cannot be written is told', async () => {
  const { code, stderr } = await execute('bash', ['-c', '"$0" travellers --count 5 >/dev/full', join(bin, 'crossline')]);
  assert.equal(code, 1);
  assert.match(stderr, /cannot write to stdout/);
});

test('JSON is what mrz prints, asked for or not', async (t) => {
  const lines = join(scratch(t), 'lines.txt');
  writeFileSync(lines, 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10\n');
  const [plain, json, both] = await Promise.all([[], ['--json'], ['--json', '--human']].map((more) => execute('crossline', ['mrz', lines, ...more])));
  assert.equal(JSON.parse(json.stdout).valid, true, json.stdout);
  assert.equal(json.stdout, plain.stdout);
  assert.equal(both.code, 2);
  assert.match(both.stderr, /--human/);
});

test('a procedure from its template to the difference of two editions', async (t) => {
  const dir = scratch(t);
  const first = join(dir, 'first.toml');
  const second = join(dir, 'second.toml');
  const run = (...args) => execute('crossline', ['procedure', ...args]);
  assert.equal((await run('new', first, '--name', 'river-line', '--clock', 'Asia/Baku')).code, 0);
  const again = await run('new', first);
  assert.equal(again.code, 1);
  assert.match(again.stderr, /exists already/);

  const checked = JSON.parse((await run('check', first, '--json')).stdout);
  assert.equal(checked.valid, true);
  const shown = await run('show', first, '--language', 'ru');
  assert.equal(shown.code, 0);
  assert.match(shown.stdout, /4\(1\) {2}Ребёнок до 16 лет[^]*требуется/);
  const analysed = await run('analyse', first, '--json');
  assert.equal(analysed.code, 0, analysed.stdout);
  assert.equal(JSON.parse(analysed.stdout).not_proven, 0);

  const year = Number(readFileSync(first, 'utf8').match(/from = (\d+)/)[1]);
  const text = readFileSync(first, 'utf8').replace('edition   = 1', `edition   = 2\nsupersedes = "sha256:${checked.hash}"`)
    .replaceAll(`${year + 1}-01-01T`, `${year + 2}-01-01T`).replaceAll(`${year}-`, `${year + 1}-`)
    .replace('age_under = 16', 'age_under = 14').replaceAll('age = 15', 'age = 13');
  writeFileSync(second, text);
  assert.equal((await run('check', second, '--after', first)).code, 0);
  const overlapping = join(dir, 'overlapping.toml');
  writeFileSync(overlapping, text.replace(`${year + 1}-01-01T00:00:00`, `${year}-12-31T00:00:00`));
  const refused = await run('check', overlapping, '--after', first);
  assert.equal(refused.code, 2);
  assert.match(refused.stderr, /overlapping\.toml:\d+:\d+: it overlaps edition 1/);

  const difference = await run('diff', first, second, '--json');
  assert.equal(difference.code, 1, difference.stderr);
  const { changed, changes } = JSON.parse(difference.stdout);
  assert.deepEqual(changed, ['4(1)']);
  assert.ok(changes.some(({ after, person }) => after === 'allow' && /age: 1[45]/.test(person.en)), difference.stdout);
  assert.equal((await run('diff', first, first)).code, 0, 'nobody is decided otherwise');
});

test('the conformance kit of the language holds', async () => {
  const { code, stdout } = await execute('crossline', ['procedure', 'test', '--kit', join(root, 'tests/conformance'), '--json'], { limitMs: 120_000 });
  assert.equal(code, 0, stdout);
  assert.equal(JSON.parse(stdout).failed, 0);
});

test('the explanation names every clause of the edition', async (t) => {
  const dir = scratch(t);
  const file = join(dir, 'line.toml');
  const facts = join(dir, 'facts.json');
  const run = (...args) => execute('crossline', ['procedure', ...args]);
  assert.equal((await run('new', file)).code, 0);
  const year = Number(readFileSync(file, 'utf8').match(/from = (\d+)/)[1]);
  writeFileSync(facts, JSON.stringify({ at: `${year}-03-02T10:00:00Z`, category: 'resident_a', age: 15, accompanied_by: 'nobody' }));
  const told = await run('explain', file, '--facts', facts);
  assert.equal(told.code, 1, told.stderr);
  const { clauses } = JSON.parse((await run('explain', file, '--facts', facts, '--json')).stdout);
  const lines = told.stdout.split('Every clause:\n')[1].trimEnd().split('\n').map((line) => line.trim().split(/\s+/));
  assert.deepEqual(lines, clauses.map(({ article, clause, applies, holds, outcome, relief }) =>
    [article, clause, 'applies', applies, 'holds', holds, outcome, 'relief', relief]));
});

test('files that are not what a command reads are named with what to do', async (t) => {
  const dir = scratch(t);
  const at = (name) => join(dir, name);
  const run = (...args) => execute('crossline', ['procedure', ...args]);
  const refused = async (message, ...args) => {
    const { code, stderr } = await run(...args);
    assert.equal(code, 2, stderr);
    assert.match(stderr, message);
  };
  assert.equal((await run('new', at('line.toml'))).code, 0);
  const authored = readFileSync(at('line.toml'), 'utf8');
  await refused(/line\.toml is the procedure itself/, 'seal', at('line.toml'), '-o', at('./line.toml'));
  assert.equal(readFileSync(at('line.toml'), 'utf8'), authored, 'nothing was changed');
  await refused(/a folder, not a file/, 'check', dir);
  await refused(/none\.toml/, 'check', at('none.toml'));
  writeFileSync(at('facts.json'), 'age = 15');
  await refused(/facts\.json/, 'explain', at('line.toml'), '--facts', at('facts.json'));

  assert.equal((await run('keygen', '--key', at('key'))).code, 0);
  await refused(/line\.toml: neither a sealed procedure nor an envelope[^]*procedure seal/, 'sign', at('line.toml'), '--key', at('key'), '-o', at('no.json'));
  assert.equal((await run('seal', at('line.toml'), '-o', at('sealed.json'))).code, 0);
  writeFileSync(at('spaced.json'), `${readFileSync(at('sealed.json'), 'utf8')}\n`);
  await refused(/spaced\.json: neither[^]*byte for byte/, 'sign', at('spaced.json'), '--key', at('key'), '-o', at('no.json'));
  assert.equal((await run('sign', at('sealed.json'), '--key', at('key'), '-o', at('signed.json'))).code, 0);
  await refused(/sealed\.json: a sealed procedure that nobody signed[^]*procedure sign/, 'merge', at('signed.json'), at('sealed.json'), '-o', at('no.json'));
  await refused(/key\.pub: the public half of a key; sign with .*key/, 'sign', at('sealed.json'), '--key', at('key.pub'), '-o', at('no.json'));
  for (const none of [['sign', at('none'), '--key', at('key'), '-o', at('no.json')], ['sign', at('sealed.json'), '--key', at('none'), '-o', at('no.json')], ['merge', at('none'), '-o', at('no.json')],
    ['verify', at('signed.json'), '--keys', at('none')], ['verify', at('none'), '--keys', at('none')], ['submit', at('none'), '--server', 'https://x', '--ca', at('none'), '--user', 'x']])
    await refused(/none: No such file/, ...none);
  await refused(/is not the folder of the conformance kit[^]*--kit/, 'test', '--kit', dir);
  writeFileSync(at('kit.jsonl'), '{"name":"x","given":{},"at":"2028-06-14T09:00:00Z","articles":[],"verdit":"allow"}\n');
  await refused(/kit\.jsonl, line 1: no case of the conformance kit: it expects neither/, 'test', at('kit.jsonl'), '--kit', join(root, 'tests/conformance'));
  for (const [name, text] of [['list.json', '[]'], ['toml.json', authored], ['twice.json', readFileSync(at('sealed.json'), 'utf8').replace('"edition":1', '"edition":1,"edition":1')]]) {
    writeFileSync(at(name), text);
    await refused(name === 'twice.json' ? /key 'edition' appears twice/ : /sealed procedure: /, 'check', at(name));
  }
  // Sealed by others: whoever signs it would sign hours that nobody reads.
  const widened = JSON.parse(readFileSync(at('sealed.json'), 'utf8'));
  const { entry } = widened.hours[0].open;
  widened.hours[0].open.entry = [entry[0], entry.at(-1)];
  writeFileSync(at('widened.json'), JSON.stringify(widened));
  await refused(/widened\.json: hours 'daytime': 'open' is not what/, 'check', at('widened.json'));
  await refused(/widened\.json: hours 'daytime': 'open' is not what/, 'sign', at('widened.json'), '--key', at('key'), '-o', at('no.json'));
  const sealed = JSON.parse((await run('check', at('sealed.json'), '--json')).stdout);
  const wrapped = await run('check', at('signed.json'), '--json');
  assert.equal(wrapped.code, 0, wrapped.stderr);
  assert.match(wrapped.stderr, /verifies no signature/);
  assert.equal(JSON.parse(wrapped.stdout).hash, sealed.hash);
});
