// Third-party vectors, in the folder that CROSSLINE_VECTORS names (default ../shared/vectors from the project's root). Skipped
// only where no folder is named and the default does not exist (docs/testing.md); what a folder lacks is a failure.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { concat, equal, fromBase64, hex, toBase64, utf8, type Bytes } from './bytes';
import { verifyByLibrary, verifyEd25519 } from './ed25519';
import { consistencyOf, pathOf, rootOf } from './chain.fixture';
import { leafHash, sha256 } from './hashing';
import { parseNote, parseVerifierKey, verifyNote, type VerifierKey } from './note';
import { isConsistent, rootFromInclusion } from './proof';
import { parseTreeHead } from './tree-head';

const named = process.env['CROSSLINE_VECTORS'] || undefined;
const root = named ?? join(import.meta.dirname, '../../../../shared/vectors');
const vectors = describe.skipIf(named === undefined && !existsSync(root));

function files(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name));
}
const read = (name: string) => readFileSync(join(root, name), 'utf8');
const hashes = (texts: string[] | null) => (texts ?? []).map((text) => fromBase64(text) ?? new Uint8Array());

interface Inclusion { leafIdx: string | number; treeSize: string | number; root: string; leafHash: string; proof: string[] | null; wantErr: boolean }
interface Consistency { size1: string | number; size2: string | number; root1: string; root2: string; proof: string[] | null; wantErr: boolean }

// Numbers up to 2^64 - 1 stand in the files.
function parse<T>(text: string): T {
  return JSON.parse(text.replace(/:\s*(-?\d{10,})/g, ': "$1"')) as T;
}

vectors('Merkle proofs of transparency-dev', () => {
  test('inclusion', async () => {
    const cases = files('merkle/inclusion');
    expect(cases.length).toBe(98);
    for (const file of cases) {
      const one = parse<Inclusion>(readFileSync(file, 'utf8'));
      const found = await rootFromInclusion(BigInt(one.leafIdx), BigInt(one.treeSize), fromBase64(one.leafHash ?? '') ?? new Uint8Array(), hashes(one.proof));
      const wanted = fromBase64(one.root ?? '') ?? new Uint8Array();
      expect(found !== null && equal(found, wanted), file).toBe(!one.wantErr);
    }
  });

  test('consistency', async () => {
    const cases = files('merkle/consistency');
    expect(cases.length).toBe(98);
    for (const file of cases) {
      const one = parse<Consistency>(readFileSync(file, 'utf8'));
      const found = await isConsistent(BigInt(one.size1), BigInt(one.size2), fromBase64(one.root1 ?? '') ?? new Uint8Array(), fromBase64(one.root2 ?? '') ?? new Uint8Array(), hashes(one.proof));
      // Nothing can be proven about the empty tree (docs/formats/merkle.md).
      expect(found, file).toBe(!one.wantErr && BigInt(one.size1) > 0n);
    }
  });
});

describe('Merkle proofs against the recursive definitions', () => {
  const kMost = 20;
  test('every leaf of every tree leads to its root, and to no other place', async () => {
    const leaves = await Promise.all(Array.from({ length: kMost }, (_, i) => leafHash(Uint8Array.of(i))));
    for (let size = 1; size <= kMost; size++) {
      const tree = leaves.slice(0, size);
      const wanted = await rootOf(tree);
      for (let index = 0; index < size; index++) {
        const path = await pathOf(index, tree);
        expect(await rootFromInclusion(BigInt(index), BigInt(size), leaves[index]!, path)).toEqual(wanted);
        expect(await rootFromInclusion(BigInt(index), BigInt(size), leaves[index]!, [...path, wanted])).toBeNull();
        if (path.length > 0) expect(await rootFromInclusion(BigInt(index), BigInt(size), leaves[index]!, path.slice(1))).toBeNull();
      }
      expect(await rootFromInclusion(BigInt(size), BigInt(size), leaves[0]!, [])).toBeNull();
    }
  });

  test('every tree continues every smaller one', async () => {
    const leaves = await Promise.all(Array.from({ length: kMost }, (_, i) => leafHash(Uint8Array.of(i))));
    for (let after = 1; after <= kMost; after++) {
      for (let before = 1; before <= after; before++) {
        const [old, grown] = [await rootOf(leaves.slice(0, before)), await rootOf(leaves.slice(0, after))];
        const proof = await consistencyOf(before, leaves.slice(0, after));
        expect(await isConsistent(BigInt(before), BigInt(after), old, grown, proof)).toBe(true);
        expect(await isConsistent(BigInt(before), BigInt(after), grown, grown, proof)).toBe(before === after);
        expect(await isConsistent(BigInt(before), BigInt(after), old, grown, [...proof, old])).toBe(false);
      }
    }
  });
});

const unhex = (text: string): Bytes => Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));

test('keys of low order are refused', async () => {
  for (const low of ['00'.repeat(32), '01' + '00'.repeat(31), 'ec' + 'ff'.repeat(30) + '7f', '01' + '00'.repeat(30) + '80']) {
    expect(await verifyEd25519(unhex(low), utf8('any'), new Uint8Array(64))).toBe(false);
  }
});

vectors('signatures of Wycheproof', () => {
  interface Group { publicKey: { pk: string }; tests: { tcId: number; msg: string; sig: string; result: string }[] }

  test.each([['the browser’s', verifyEd25519], ['the library’s', verifyByLibrary]] as const)('%s', async (_, verify) => {
    const { testGroups } = JSON.parse(read('ed25519/wycheproof_ed25519.json')) as { testGroups: Group[] };
    let checked = 0;
    for (const group of testGroups) {
      for (const one of group.tests) {
        expect(await verify(unhex(group.publicKey.pk), unhex(one.msg), unhex(one.sig)), `case ${one.tcId}`).toBe(one.result === 'valid');
        checked += 1;
      }
    }
    expect(checked).toBeGreaterThan(100);
  });
});

vectors('signed notes of others', () => {
  test.each([['example-note.txt', 'example-note.vkey'], ['sumdb-20852163.checkpoint', 'sumdb.vkey'], ['sumdb-35225469.checkpoint', 'sumdb.vkey']])('%s', async (file, keyFile) => {
    const key = (await parseVerifierKey(read(`notes/${keyFile}`).trim()))!;
    const text = read(`notes/${file}`);
    const note = parseNote(text)!;
    expect((await verifyNote(note, [key])).ok).toBe(true);
    if (file.startsWith('sumdb')) expect(parseTreeHead(note.text)!.size).toBe(BigInt(/\d{8}/.exec(file)![0]));
    for (let end = 0; end < text.length; end++) {
      const cut = parseNote(text.slice(0, end));
      expect(cut !== null && (await verifyNote(cut, [key])).ok, `cut at ${end}`).toBe(false);
    }
  });

  test('cosignatures of witnesses, whose keys are listed under type 1', async () => {
    const keys: VerifierKey[] = [];
    for (const line of read('notes/armoredwitness.vkeys').trim().split('\n')) {
      const [name, encoded] = [line.split('+')[0]!, line.split('+').slice(2).join('+')];
      const key = fromBase64(encoded)!.slice(1);
      const id = hex((await sha256(concat(utf8(`${name}\n`), Uint8Array.of(4), key))).slice(0, 4));
      keys.push((await parseVerifierKey(`${name}+${id}+${toBase64(concat(Uint8Array.of(4), key))}`))!);
    }
    const finding = await verifyNote(parseNote(read('notes/armoredwitness-pixel-611.checkpoint'))!, keys);
    expect(finding.ok && finding.vouchers.map((one) => one.timeS! > 1_700_000_000)).toEqual([true, true]);
  });
});
