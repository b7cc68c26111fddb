// SHA-256, HMAC, PBKDF2 and scrypt, for proofs of the password and of the resume token.
//
// A page that came over plain http has no `crypto.subtle`, so these are computed here. FIPS 180-4,
// RFC 2104, RFC 8018 and RFC 7914. The server's side is net/security/proofs.py.

const UTF8_ENCODER = new TextEncoder();
const HASH_BYTES = 32;
const BLOCK_BYTES = 64;

// The first 32 bits of the fractional parts of the cube roots of the first 64 primes, and of the
// square roots of the first 8 (FIPS 180-4, sections 4.2.2 and 5.3.3).
const PRIMES = firstPrimes(64);
const ROUND_CONSTANTS = Uint32Array.from(PRIMES, (prime) => fractionBits(Math.cbrt(prime)));
const INITIAL_HASH = Uint32Array.from(PRIMES.slice(0, 8), (prime) => fractionBits(Math.sqrt(prime)));

// The same cost as in net/security/proofs.py: 16 MiB for each guess.
const SCRYPT_COST = 2 ** 14;
const SCRYPT_BLOCK = 8;

function firstPrimes(count) {
  const primes = [];
  for (let number = 2; primes.length < count; number++) {
    if (primes.every((prime) => number % prime)) primes.push(number);
  }
  return primes;
}

function fractionBits(root) {
  return Math.floor((root - Math.floor(root)) * 2 ** 32);
}

/** Return the SHA-256 hash of the parts, one after the other. */
export function sha256(...parts) {
  const message = padded(parts);
  const view = new DataView(message.buffer);
  const hash = INITIAL_HASH.slice();
  const words = new Uint32Array(64);
  for (let start = 0; start < message.length; start += BLOCK_BYTES) {
    for (let i = 0; i < 16; i++) words[i] = view.getUint32(start + 4 * i);
    compress(hash, words);
  }
  const out = new DataView(new ArrayBuffer(HASH_BYTES));
  hash.forEach((word, i) => out.setUint32(4 * i, word));
  return new Uint8Array(out.buffer);
}

function padded(parts) {
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const message = new Uint8Array(Math.ceil((size + 9) / BLOCK_BYTES) * BLOCK_BYTES);
  let at = 0;
  for (const part of parts) {
    message.set(part, at);
    at += part.length;
  }
  message[size] = 0x80;
  new DataView(message.buffer).setBigUint64(message.length - 8, BigInt(size) * 8n);
  return message;
}

function compress(hash, w) {
  for (let i = 16; i < 64; i++) {
    const s0 = right(w[i - 15], 7) ^ right(w[i - 15], 18) ^ (w[i - 15] >>> 3);
    const s1 = right(w[i - 2], 17) ^ right(w[i - 2], 19) ^ (w[i - 2] >>> 10);
    w[i] = w[i - 16] + s0 + w[i - 7] + s1;
  }
  let [a, b, c, d, e, f, g, h] = hash;
  for (let i = 0; i < 64; i++) {
    const s1 = right(e, 6) ^ right(e, 11) ^ right(e, 25);
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + ROUND_CONSTANTS[i] + w[i]) | 0;
    const s0 = right(a, 2) ^ right(a, 13) ^ right(a, 22);
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + t1) | 0, c, b, a, (t1 + t2) | 0];
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => { hash[i] += word; });
}

function right(word, bits) {
  return (word >>> bits) | (word << (32 - bits));
}

/** Return the HMAC-SHA-256 of the parts under `key`. */
export function hmac(key, ...parts) {
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? sha256(key) : key);
  const inner = sha256(block.map((byte) => byte ^ 0x36), ...parts);
  return sha256(block.map((byte) => byte ^ 0x5c), inner);
}

/** Return `size` bytes of PBKDF2-HMAC-SHA-256 with one iteration, all that scrypt needs. */
export function pbkdf2(password, salt, size) {
  const out = new Uint8Array(size);
  for (let block = 1, at = 0; at < size; block++, at += HASH_BYTES) {
    const number = Uint8Array.of(block >>> 24, block >>> 16, block >>> 8, block);
    out.set(hmac(password, salt, number).subarray(0, size - at), at);
  }
  return out;
}

/** Return `size` bytes of scrypt with one lane; takes some 100 ms and 128 * r * N bytes. */
export function scrypt(password, salt, cost, blockFactor, size) {
  const mixed = pbkdf2(password, salt, 128 * blockFactor);
  // RFC 7914 reads little-endian words, as every machine with a browser keeps them.
  romix(new Uint32Array(mixed.buffer), cost);
  return pbkdf2(password, mixed, size);
}

function romix(x, cost) {
  const { length } = x;
  const seen = new Uint32Array(cost * length);
  const spare = new Uint32Array(length);
  for (let i = 0; i < cost; i++) {
    seen.set(x, i * length);
    blockMix(x, spare);
  }
  for (let i = 0; i < cost; i++) {
    const start = (x[length - 16] & (cost - 1)) * length;
    for (let k = 0; k < length; k++) x[k] ^= seen[start + k];
    blockMix(x, spare);
  }
}

/** Mix `x` in place (RFC 7914, section 4); `spare` is as long. */
function blockMix(x, spare) {
  const blocks = x.length / 16;
  const state = x.slice(x.length - 16);
  for (let i = 0; i < blocks; i++) {
    for (let k = 0; k < 16; k++) state[k] ^= x[16 * i + k];
    salsa8(state);
    // Even blocks first, odd ones behind them.
    spare.set(state, 16 * ((i >> 1) + (i & 1 ? blocks / 2 : 0)));
  }
  x.set(spare);
}

/** Apply Salsa20/8 in place (RFC 7914, section 3), in local variables since it runs 500,000 times. */
function salsa8(block) {
  let [x0, x1, x2, x3, x4, x5, x6, x7, x8, x9, x10, x11, x12, x13, x14, x15] = block;
  for (let round = 0; round < 4; round++) {
    x4 ^= left(x0 + x12, 7); x8 ^= left(x4 + x0, 9);
    x12 ^= left(x8 + x4, 13); x0 ^= left(x12 + x8, 18);
    x9 ^= left(x5 + x1, 7); x13 ^= left(x9 + x5, 9);
    x1 ^= left(x13 + x9, 13); x5 ^= left(x1 + x13, 18);
    x14 ^= left(x10 + x6, 7); x2 ^= left(x14 + x10, 9);
    x6 ^= left(x2 + x14, 13); x10 ^= left(x6 + x2, 18);
    x3 ^= left(x15 + x11, 7); x7 ^= left(x3 + x15, 9);
    x11 ^= left(x7 + x3, 13); x15 ^= left(x11 + x7, 18);
    x1 ^= left(x0 + x3, 7); x2 ^= left(x1 + x0, 9);
    x3 ^= left(x2 + x1, 13); x0 ^= left(x3 + x2, 18);
    x6 ^= left(x5 + x4, 7); x7 ^= left(x6 + x5, 9);
    x4 ^= left(x7 + x6, 13); x5 ^= left(x4 + x7, 18);
    x11 ^= left(x10 + x9, 7); x8 ^= left(x11 + x10, 9);
    x9 ^= left(x8 + x11, 13); x10 ^= left(x9 + x8, 18);
    x12 ^= left(x15 + x14, 7); x13 ^= left(x12 + x15, 9);
    x14 ^= left(x13 + x12, 13); x15 ^= left(x14 + x13, 18);
  }
  block[0] += x0; block[1] += x1; block[2] += x2; block[3] += x3;
  block[4] += x4; block[5] += x5; block[6] += x6; block[7] += x7;
  block[8] += x8; block[9] += x9; block[10] += x10; block[11] += x11;
  block[12] += x12; block[13] += x13; block[14] += x14; block[15] += x15;
}

function left(word, bits) {
  return (word << bits) | (word >>> (32 - bits));
}

/** Return the key that a password gives with a salt; a worker calls this, since it takes long. */
export function passwordKey(password, salt) {
  const word = UTF8_ENCODER.encode(password.normalize("NFC"));
  return scrypt(word, salt, SCRYPT_COST, SCRYPT_BLOCK, HASH_BYTES);
}

/** Return the hash of all that was said: hello, challenge, and no public key. */
export function transcriptHash(hello, challenge) {
  const noPublicKey = new Uint8Array(0);
  const parts = [hello, challenge, noPublicKey].flatMap((part) => [lengthOf(part), part]);
  return sha256(UTF8_ENCODER.encode("jitterball transcript 2"), ...parts);
}

function lengthOf(part) {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(part.length));
  return new Uint8Array(view.buffer);
}

/** Prove to the server that the client knows the password. */
export function clientPasswordProof(key, transcript) {
  return hmac(key, UTF8_ENCODER.encode("jitterball client knows password"), transcript);
}

/** Return what proves to the client that the server knows the password too. */
export function serverPasswordProof(key, transcript) {
  return hmac(key, UTF8_ENCODER.encode("jitterball server knows password"), transcript);
}

/** Prove that the client was given the token of the slot that it wants back. */
export function tokenProof(token, transcript) {
  const label = UTF8_ENCODER.encode("jitterball client knows token");
  return hmac(UTF8_ENCODER.encode(token), label, transcript);
}

/** Compare two byte strings. */
export function equalBytes(one, other) {
  return one.length === other.length && one.every((byte, i) => byte === other[i]);
}
