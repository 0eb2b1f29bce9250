// Ed25519 (RFC 8032): the browser's own where it has one, else the audited library.
import { concat, hex, type Bytes } from './bytes';

/** Points of low order, sign bit cleared: under such a key one signature fits many texts (docs/formats/notes.md). */
const kLowOrder = new Set([
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
]);

export async function verifyEd25519(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  if (publicKey.length !== 32 || signature.length !== 64 || isLowOrder(publicKey)) return false;
  try {
    const key = await crypto.subtle.importKey('raw', publicKey, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', key, signature, message);
  } catch {
    return verifyByLibrary(publicKey, message, signature);
  }
}

/** For browsers without Ed25519; exported for the tests, which hold both against the same vectors. */
export async function verifyByLibrary(publicKey: Bytes, message: Bytes, signature: Bytes): Promise<boolean> {
  const { ed25519 } = await import('@noble/curves/ed25519.js');
  try {
    return ed25519.verify(signature, message, publicKey, { zip215: false });
  } catch {
    return false;
  }
}

function isLowOrder(publicKey: Bytes): boolean {
  const unsigned = concat(publicKey);
  unsigned[31]! &= 0x7f;
  return kLowOrder.has(hex(unsigned));
}
