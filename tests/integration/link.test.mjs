// Who may speak on the link and what the server does with frames that no agent sends: refused with words, and everybody else goes on.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { Journal } from './support/journal.mjs';
import { credentials, frame, FRAME, Peer } from './support/peer.mjs';
import { execute, quietLine } from './support/programs.mjs';
import { encode } from './support/protobuf.mjs';

test('the link', async (t) => {
  const line = await quietLine(t, { extraAgents: 4 });
  const pki = join(line.dir, 'pki');
  const folder = (agent) => join(pki, 'agents', agent);
  const journal = (agent) => new Journal(line.line, agent, folder(agent));
  const connect = (agent, options) => Peer.connect(line, { ...credentials(folder(agent)), ...options });
  await line.startServer();

  // load-01 is there for the whole test: whatever others do, it is answered.
  const honest = { journal: journal('load-01'), peer: await connect('load-01') };
  assert.deepEqual(await honest.peer.greet(honest.journal), { next: 0 });
  const othersGoOn = async () => {
    const { journal: own, peer } = honest;
    own.record(1000 + own.size);
    peer.send(own.submit(own.size - 1));
    const { fields } = await peer.expect(FRAME.answer);
    assert.equal(Number(fields.get(1)?.[0] ?? 0n), own.size - 1);
  };
  // Every refusal of the list below is followed by an event of the honest agent.
  const refusal = (t2, name, check) => t2.test(name, async () => { await check(); await othersGoOn(); });

  await t.test('an event is answered', othersGoOn);

  await t.test('who may speak', async (t2) => {
    await refusal(t2, 'no certificate', async () => {
      const peer = await Peer.connect(line, {});
      peer.send(journal('load-02').hello());
      assert.equal(await peer.next(), null, 'no frame for somebody unknown');
      assert.match(String(await peer.closed), /certificate required/i);
    });
    await refusal(t2, 'TLS 1.2', () => assert.rejects(connect('load-02', { minVersion: 'TLSv1.2', maxVersion: 'TLSv1.2' }), /protocol version|alert/i));
    await refusal(t2, 'no TLS at all', async () => {
      const answer = await fetch(`http://127.0.0.1:${line.server.agentsPort}/`).catch((error) => error);
      assert.ok(answer instanceof Error);
    });
    await refusal(t2, 'a certificate that no party has signed', async () => {
      const dir = join(line.dir, 'stranger');
      const made = await execute('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', '/O=river-line/CN=load-02',
        '-addext', 'subjectAltName=URI:crossline://river-line/post/bridge/A/load-02', '-keyout', `${dir}.key`, '-out', `${dir}.pem`]);
      assert.equal(made.code, 0, made.stderr);
      const peer = await Peer.connect(line, { cert: readFileSync(`${dir}.pem`), key: readFileSync(`${dir}.key`) });
      assert.equal(await peer.next(), null);
      assert.match(String(await peer.closed), /alert|certificate/i);
    });
    const post = (place, line = 'river-line') => `crossline://${line}/post/${place}`;
    for (const [what, uri, party, code, message] of [
      ['of another post', post('valley/A/load-02'), 'A', 'forbidden', /the certificate names .*valley\/A\/load-02, the registry .*bridge\/B\/load-02/],
      ['of an agent that is not enrolled', post('bridge/A/nobody-9'), 'A', 'unauthenticated', /agent nobody-9 is not enrolled/],
      ['signed by the wrong party', post('bridge/B/load-02'), 'A', 'forbidden', /enrolled by party B, the certificate is party A's/],
      ['of another line', post('bridge/B/load-02', 'other-line'), 'B', 'forbidden', /the certificate names crossline:\/\/other-line/],
      ['of a key that the registry does not have', post('bridge/B/load-02'), 'B', 'forbidden', /not the one that agent load-02 was enrolled with/],
    ]) {
      await refusal(t2, `a certificate ${what}`, async () => {
        const peer = await Peer.connect(line, await forged(line, uri, party));
        peer.send(journal('load-02').hello());
        const said = await peer.refusal();
        assert.equal(said.code, code);
        assert.match(said.message, message);
      });
    }
    await refusal(t2, 'a hello in the name of another agent', async () => {
      const peer = await connect('load-02');
      peer.send(journal('load-01').hello());
      const { code, message } = await peer.refusal();
      assert.equal(code, 'forbidden');
      assert.match(message, /load-01.*load-02/);
    });
    await refusal(t2, 'an agent that is revoked while it is connected, and after', async () => {
      const peer = await connect('load-04');
      await peer.greet(journal('load-04'));
      const revoked = await execute('crossline', ['pki', 'revoke', '--dir', pki, '--agent', 'load-04', '--reason', 'stolen']);
      assert.equal(revoked.code, 0, revoked.stderr);
      assert.match((await peer.refusal()).message, /revoked/);
      const again = await connect('load-04');
      again.send(journal('load-04').hello());
      assert.match((await again.refusal()).message, /revoked/);
    });
  });

  await t.test('what is said', async (t2) => {
    const own = journal('load-02');
    // Opens, greets, sends, and wants the refusal.
    const refused = async (bytes, { code, message }) => {
      const peer = await connect('load-02');
      await peer.greet(own);
      peer.write(bytes);
      const said = await peer.refusal();
      assert.equal(said.code, code, said.message);
      assert.match(said.message, message);
    };
    const malformed = (bytes, message) => () => refused(bytes, { code: 'malformed', message });

    await refusal(t2, 'a frame longer than the bound', malformed(frame(Buffer.alloc(16), (1 << 20) + 1), /1048577/));
    await refusal(t2, 'a frame of 4 GiB', malformed(frame(Buffer.alloc(16), 0xffff_ffff), /4294967295/));
    await refusal(t2, 'a frame of nothing', malformed(frame(Buffer.alloc(0)), /0/));
    await refusal(t2, 'a frame that is no protobuf', malformed(frame(Buffer.alloc(64, 0xff)), /./));
    await refusal(t2, 'an unknown message', malformed(frame(encode([[15, [[1, 1]]]])), /unknown|field/));
    await refusal(t2, 'an unknown field inside a known one', malformed(frame(encode([[4, [[1, 1], [14, 1]]]])), /field|unknown/));
    await refusal(t2, 'bytes behind the end of the message', malformed(frame(Buffer.concat([encode([[4, [[1, 1]]]]), Buffer.of(0)])), /./));
    await refusal(t2, 'a second hello', malformed(frame(own.hello()), /second hello/));
    await refusal(t2, 'a truncated frame, and then nothing more', async () => {
      const peer = await connect('load-02');
      await peer.greet(own);
      peer.socket.end(frame(Buffer.alloc(10), 100));
      await peer.closed;
    });
    await refusal(t2, 'a first frame that is no hello', async () => {
      const peer = await connect('load-02');
      peer.send(encode([[4, [[1, 0]]]]));
      assert.deepEqual(await peer.refusal(), { code: 'malformed', message: 'the first frame is no hello' });
    });
    await refusal(t2, 'an unknown version of the protocol', async () => {
      const peer = await connect('load-02');
      peer.send(own.hello({ protocol: 2 }));
      const { code, message } = await peer.refusal();
      assert.equal(code, 'unsupported');
      assert.match(message, /2/);
    });
    await refusal(t2, 'an event of an unknown schema', async () => {
      const other = own.branch(0);
      other.record(1, { schema: 2 });
      await refused(frame(other.submit()), { code: 'unsupported', message: /2/ });
    });
    await refusal(t2, 'an event of the office', async () => {
      const other = own.branch(0);
      other.append(encode([[1, 1], [2, 'load-02'], [3, 0], [4, Date.now()], [5, 1], [6, { fixed64: 7 }], [8, 'officer-7'],
        [17, [[1, 'hold'], [2, Buffer.alloc(16, 1)], [4, 'B'], [5, 'CASE-1']]]]));
      await refused(frame(other.submit()), { code: 'forbidden', message: /office|list/i });
    });
    await refusal(t2, 'an event that names another agent', async () => {
      const other = own.branch(0);
      other.record(1, { agent: 'load-03' });
      await refused(frame(other.submit()), { code: 'malformed', message: /another agent/ });
    });
    await refusal(t2, 'trailing bytes behind an event', async () => {
      const other = own.branch(0);
      other.append(Buffer.concat([other.movement(1), Buffer.of(0x80)]));
      await refused(frame(other.submit()), { code: 'malformed', message: /./ });
    });
    await refusal(t2, 'a signature that fails', async () => {
      const other = own.branch(0).record(1);
      const signature = other.signature();
      signature[5] ^= 1;
      await refused(frame(other.submit(0, { signature })), { code: 'bad_signature', message: /./ });
    });
    await refusal(t2, 'a gap', async () => {
      const other = own.branch(0).record(1).record(2).record(3);
      await refused(frame(other.submit(2)), { code: 'conflict', message: /expected journal index 0, got 2/ });
    });
    await refusal(t2, 'more questions than are answered, by an agent that reads none of the answers', async () => {
      const peer = await connect('load-02');
      await peer.greet(own);
      peer.socket.pause();
      const person = [[1, Buffer.alloc(16, 9)], [2, 1], [4, 'resident_a'], [5, 1], [6, 34], [7, 'passport'], [8, 'XAA'], [9, 1800], [15, 1]];
      const many = Buffer.concat(Array(20_000).fill(frame(encode([[3, [[1, 1], [2, person], [3, Date.now()]]]]))));
      // Far more than the buffers between the two hold of questions and answers.
      for (let i = 0; i < 20; ++i) await new Promise((written) => { peer.socket.write(many, written); });
      peer.socket.resume();
      const { code, message } = await peer.refusal();
      assert.equal(code, 'malformed', message);
      assert.match(message, /questions without an answer, at most 1000/);
    });
    await refusal(t2, 'after all that the same agent is welcome', async () => {
      own.record(1);
      const peer = await connect('load-02');
      assert.deepEqual(await peer.greet(own), { next: 0 });
      peer.send(own.submit());
      await peer.expect(FRAME.answer);
      await peer.close();
    });
  });

  await t.test('a second connection of an agent replaces the first', async () => {
    const own = journal('load-03').record(7);
    const first = await connect('load-03');
    await first.greet(own.branch(0));
    const second = await connect('load-03');
    await second.greet(own);
    await first.closed;
    second.send(own.submit());
    await second.expect(FRAME.answer);
    await second.close();
    await othersGoOn();
  });

  assert.equal(await line.stopServer(), 0, 'SIGTERM ends the server with 0 while an agent is connected');
  await honest.peer.closed;
});

// A certificate that openssl signs with a party's root: everything is right but the name in it.
async function forged(line, uri, party) {
  const dir = mkdtempSync(join(line.dir, 'forged-'));
  const file = (name) => join(dir, name);
  const root = join(line.dir, 'pki/parties', party);
  const request = await execute('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/O=river-line/CN=load-02',
    '-addext', `subjectAltName=URI:${uri}`, '-addext', 'extendedKeyUsage=clientAuth', '-addext', 'keyUsage=critical,digitalSignature', '-keyout', file('key.pem'), '-out', file('request.pem')]);
  assert.equal(request.code, 0, request.stderr);
  const signed = await execute('openssl', ['x509', '-req', '-in', file('request.pem'), '-CA', join(root, 'root.pem'), '-CAkey', join(root, 'root.key'), '-copy_extensions', 'copyall',
    '-days', '1', '-out', file('cert.pem')]);
  assert.equal(signed.code, 0, signed.stderr);
  return { cert: readFileSync(file('cert.pem')), key: readFileSync(file('key.pem')) };
}
