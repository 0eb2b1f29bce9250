// What happens to documents that cannot be read, are read wrongly, or are not valid: on the command line, at the desk and in a pipe.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { Station } from '../../scripts/lib/clients.mjs';
import { until } from '../../scripts/lib/processes.mjs';
import { misread, passport } from './support/documents.mjs';
import { atEnd, bin, execute, quietLine, runningLine } from './support/programs.mjs';

const good = passport();
// Z for 8 in the number: not a look-alike, so nothing is repaired; the digits say 0 and were read as 4.
const wrongNumber = misread(good, 3, 'Z');
const wrongBirth = misread(good, 20, '7');
const expired = passport({ number: 'EXPIRED01', expiry: '200101' });

const mrz = async (text, ...options) => {
  const { code, stdout } = await execute('crossline', ['mrz', ...options], { input: `${text}\n` });
  return { code, documents: stdout.trim().split('\n').filter(Boolean).map((line) => JSON.parse(line)) };
};
const evidence = (document, field) => document.fields.find((one) => one.field === field);

test('crossline mrz', async (t) => {
  await t.test('a document in order', async () => {
    const { code, documents } = await mrz(good);
    assert.equal(code, 0);
    assert.equal(documents[0].valid, true);
    assert.equal(documents[0].number, 'L8988901C');
  });
  await t.test('a wrong check digit is named: field, what was read, what the digits say', async () => {
    const { code, documents: [document] } = await mrz(wrongNumber);
    assert.equal(code, 2);
    const { status, raw, digit_read, digit_computed, line, columns } = evidence(document, 'number');
    assert.deepEqual({ status, raw, digit_read, digit_computed, line, columns },
      { status: 'wrong_check_digit', raw: 'L8Z88901C', digit_read: '4', digit_computed: '0', line: 2, columns: [1, 9] });
    assert.equal(evidence(document, 'birth_date').status, 'ok', 'the other fields keep their own evidence');
    assert.equal(evidence(document, 'composite').status, 'wrong_check_digit');
  });
  await t.test('the digit itself misread', async () => {
    const { code, documents: [document] } = await mrz(wrongBirth);
    assert.equal(code, 2);
    assert.equal(evidence(document, 'birth_date').digit_read, '7');
    assert.equal(evidence(document, 'birth_date').digit_computed, '0');
  });
  await t.test('a look-alike is repaired, and only when asked to', async () => {
    const lookAlike = misread(good, 18, 'I');  // 1 of the birth date
    const repaired = await mrz(lookAlike);
    assert.equal(repaired.documents[0].repaired, true);
    assert.equal(repaired.documents[0].birth_date.iso, '1990-07-15');
    const asRead = await mrz(lookAlike, '--as-read');
    assert.equal(asRead.code, 2);
    assert.equal(asRead.documents[0].valid, false);
  });
  await t.test('not a zone at all', async () => {
    for (const text of ['hello', 'P<XAA', `${good.split('\n')[0]}`, '\u0000\u0001\u00ff', 'x'.repeat(5000)]) {
      const { code, documents: [document] } = await mrz(text);
      assert.equal(code, 2, text.slice(0, 10));
      assert.equal(document.valid, false);
      assert.match(document.error.message, /not a machine readable zone|characters/);
    }
  });
  await t.test('the good among the bad are still read', async () => {
    const { code, documents } = await mrz(`${wrongNumber}\n${good}`);
    assert.equal(code, 2);
    assert.deepEqual(documents.map(({ valid }) => valid), [false, true]);
  });
});

test('at the desk', async (t) => {
  const line = await runningLine(t);
  const { url, agent } = line.post('bridge', 'A');
  const station = new Station(url);
  atEnd(t, () => station.close());
  const scan = (text) => station.call('POST', '/scans', { text });
  const journalSize = async () => (await station.state()).journal_size;
  await assert.rejects(scan(good), { status: 403, code: 'no_shift' });
  await assert.rejects(station.startShift(line.officer.id, '000000', 'exit'), { status: 401, code: 'wrong_pin' });
  await station.startShift(line.officer.id, line.officer.pin, 'exit');

  await t.test('a wrong check digit: nothing is recorded, the field is named', async () => {
    const before = await journalSize();
    const answer = await scan(wrongNumber);
    assert.equal(answer.step, 'unreadable');
    const field = answer.fields.find((one) => one.field === 'number');
    assert.deepEqual([field.status, field.raw, field.digit_read, field.digit_computed], ['wrong_check_digit', 'L8Z88901C', '4', '0']);
    assert.equal(await journalSize(), before);
  });
  await t.test('not a zone', async () => {
    const answer = await scan('hello');
    assert.equal(answer.step, 'unreadable');
    assert.equal(answer.decision, null);
  });
  await t.test('too long a text', () => assert.rejects(scan('x'.repeat(1025)), { status: 400 }));
  await t.test('an expired document is refused by its article', async () => {
    const result = await station.serve([{ text: expired, category: 'resident_a' }]);
    assert.equal(result.verdict, 'refuse');
    assert.ok(result.articles.includes('2(2)'), result.articles.join());
    assert.equal(result.outcome, 'refused');
  });
  await t.test('and the next one passes', async () => {
    const result = await station.serve([{ text: good, category: 'resident_a' }]);
    assert.deepEqual([result.verdict, result.outcome, result.decided], ['allow', 'passed', 'online']);
  });
  await t.test('a request of another page is refused', async () => {
    const { status } = await fetch(`${url}/api/v1/station`);
    assert.equal(status, 403);
  });
  await t.test('SIGTERM ends the agent with 0', async () => assert.equal(await line.stopAgent(agent), 0));

  await t.test('crossline-agent scan: one JSON verdict a line', async () => {
    const { config } = line.post('bridge', 'A');
    const input = `${passport({ number: 'PIPE00001' })}\n${wrongNumber}\n${expired}\nhello\n`;
    const { code, stdout, stderr } = await execute('crossline-agent', ['scan', '--config', config, '--direction', 'exit', '--officer', line.officer.id], { input });
    const answers = stdout.trim().split('\n').map((one) => JSON.parse(one));
    assert.equal(code, 2, 'some were not decided');
    assert.deepEqual([answers[0].verdict, answers[0].outcome, answers[0].decided], ['allow', 'passed', 'online']);
    assert.equal(answers[1].step, 'unreadable');
    assert.match(answers[1].error, /check digit of the document number: read 4, computed 0/);
    assert.deepEqual([answers[2].verdict, answers[2].outcome], ['refuse', 'refused']);
    assert.ok(answers[2].articles.includes('2(2)'));
    assert.ok(answers.slice(3).every(({ step }) => step === 'unreadable'));
    for (const secret of ['PIPE00001', 'EXPIRED01', 'SPECIMEN']) assert.ok(!`${stdout}${stderr}`.includes(secret), `${secret} is not printed`);
  });
  await t.test('with documents that are all decided it ends with 0', async () => {
    const { config } = line.post('bridge', 'A');
    const { code, stdout } = await execute('crossline-agent', ['scan', '--config', config, '--direction', 'exit', '--officer', line.officer.id], { input: `${passport({ number: 'PIPE00002' })}\n` });
    assert.equal(code, 0);
    assert.equal(JSON.parse(stdout).verdict, 'allow');
  });
  await t.test('when nobody reads the verdicts any more nobody passes', async () => {
    const { config } = line.post('bridge', 'A');
    const sizeOf = async () => Number((await execute('sqlite3', [join(dirname(config), 'data/journal.db'), 'SELECT size FROM tail'])).stdout);
    const before = await sizeOf();
    const child = spawn(join(bin, 'crossline-agent'), ['scan', '--config', config, '--direction', 'exit']);
    const ended = once(child, 'exit');
    let words = '';
    child.stderr.setEncoding('utf8').on('data', (text) => { words += text; });
    child.stdin.write(`${passport({ number: 'GONE00001' })}\n`);
    const [first] = await once(child.stdout, 'data');
    assert.equal(JSON.parse(first).outcome, 'passed');
    child.stdout.destroy();
    await once(child.stdout, 'close');
    child.stdin.end(`${passport({ number: 'GONE00002' })}\n${passport({ number: 'GONE00003' })}\n`);
    assert.deepEqual(await ended, [1, null]);
    assert.match(words, /standard output: its reader has gone; the documents that follow are not decided/);
    assert.equal(await sizeOf() - before, 3, 'the beginning of the shift, one passage, the end of the shift');
    const input = join(line.dir, 'zone.txt');
    writeFileSync(input, passport({ number: 'GONE00004' }));
    const full = await execute('bash', ['-c', '"$0" scan --config "$1" --direction exit <"$2" >/dev/full', join(bin, 'crossline-agent'), config, input]);
    assert.deepEqual([full.code, /standard output: No space left on device/.test(full.stderr)], [1, true], full.stderr);
    const closed = await execute('bash', ['-c', '"$0" scan --config "$1" --direction exit <"$2" >&-', join(bin, 'crossline-agent'), config, input]);
    assert.deepEqual([closed.code, /standard output: it is closed/.test(closed.stderr)], [2, true], closed.stderr);
  });
  await t.test('what is not meant so is refused: an input that cannot be read, a category that nobody declared, a wait below nothing', async () => {
    const { config } = line.post('bridge', 'A');
    const folder = await execute('bash', ['-c', '"$0" scan --config "$1" </', join(bin, 'crossline-agent'), config]);
    assert.deepEqual([folder.code, /standard input: Is a directory/.test(folder.stderr)], [1, true], folder.stderr);
    for (const [options, words] of [
      [['--category', 'resdent_a'], /declares no category 'resdent_a'; did you mean 'resident_a'\?/],
      [['--connect-ms', '-4'], /--connect-ms: .*-4/],
      [['--direction', 'sideways'], /a post of side A has no direction 'sideways'/],
      [['--officer', 'No Name'], /'No Name' is no officer's id/],
    ]) {
      const { code, stdout, stderr } = await execute('crossline-agent', ['scan', '--config', config, ...options], { input: `${passport({ number: 'SLIP00001' })}\n` });
      assert.deepEqual([code, stdout], [2, ''], stderr);
      assert.match(stderr, words);
    }
  });
  await t.test('SIGTERM ends the server with 0', async () => assert.equal(await line.stopServer(), 0));
});

// A desk with a reader on `device`, and how to look at what it shows.
async function deskWithReader(t, line, device, baud = 9600) {
  const { url, agent, config } = line.post('bridge', 'A');
  appendFileSync(config, `\n[reader]\ndevice = "${device}"\nbaud = ${baud}\n`);
  await line.startServer();
  await line.startAgent(agent);
  const station = new Station(url);
  atEnd(t, () => station.close());
  await station.startShift(line.officer.id, line.officer.pin, 'exit');
  await until('the reader to be ready', () => readFileSync(line.log(agent), 'utf8').includes(`reader ${device}: ready`), { programs: line.programs });
  const shown = (what, fits) => until(what, async () => { const { scan } = await station.state(); return scan && fits(scan) ? scan : null; }, { programs: line.programs });
  const passes = async () => {
    let scan = await shown('the document', ({ step }) => step === 'decided' || step === 'choose_category');
    if (scan.step === 'choose_category') scan = await station.call('POST', `/scans/${scan.scan_id}/category`, { category: 'resident_a' });
    assert.equal(scan.decision.verdict, 'allow');
    const done = await station.call('POST', `/scans/${scan.scan_id}/confirm`, { action: 'pass' });
    assert.equal(done.recorded.outcome, 'passed');
  };
  return { station, shown, passes };
}

test('a reader on a pipe', async (t) => {
  const line = await quietLine(t);
  const device = join(line.dir, 'reader');
  assert.equal((await execute('mkfifo', [device])).code, 0);
  const { station, shown, passes } = await deskWithReader(t, line, device);
  // As a reader sends it; the agent holds the pipe open, so that writing does not wait.
  const deliver = (text) => writeFileSync(device, `${text.replaceAll('\n', '\r\n')}\r\n`);

  await t.test('what it cannot have read is shown as unreadable, and recorded by nobody', async () => {
    const before = (await station.state()).journal_size;
    deliver(wrongNumber);
    const scan = await shown('the unreadable document', ({ step }) => step === 'unreadable');
    await station.call('POST', `/scans/${scan.scan_id}/confirm`, { action: 'acknowledge' });
    assert.equal((await station.state()).journal_size, before);
  });
  await t.test('a document comes to the desk, one delivery one scan', async () => {
    deliver(passport({ number: 'FIFO00001' }));
    await passes();
  });
});

test('a reader on a serial line', async (t) => {
  const line = await quietLine(t);
  // A terminal whose other end is the standard input of `script`. As it is opened, CR would become LF and ETX would interrupt.
  const wire = spawn('script', ['--quiet', '--flush', '--command', 'tty; exec sleep 600', '/dev/null']);
  atEnd(t, () => wire.kill());
  const device = String((await once(wire.stdout, 'data'))[0]).trim();
  assert.match(device, /^\/dev\/pts\/\d+$/);
  const { station, shown, passes } = await deskWithReader(t, line, device, 19_200);

  await t.test('runs at its speed, and as it is', async () => {
    const { stdout } = await execute('stty', ['-F', device, '-a']);
    for (const words of [/speed 19200 baud/, /-icanon/, /-isig/, /-icrnl/, /-echo\b/]) assert.match(stdout, words);
  });
  await t.test('a document between STX and ETX, a line ended by CR', async () => {
    wire.stdin.write(`\x02${passport({ number: 'WIRE00001' }).replaceAll('\n', '\r')}\r\x03`);
    await passes();
  });
  await t.test('half a delivery is no document, and the next one is read', async () => {
    wire.stdin.write(`\x02${passport({ number: 'WIRE00002' }).slice(0, 60)}`);
    const scan = await shown('the unreadable document', ({ step }) => step === 'unreadable');
    await station.call('POST', `/scans/${scan.scan_id}/confirm`, { action: 'acknowledge' });
    wire.stdin.write(`\x02${passport({ number: 'WIRE00003' }).replaceAll('\n', '\r')}\r\x03`);
    await passes();
  });
});
