// MessagePack for the values that our messages use: null, booleans, numbers, text, bytes, arrays.
// Format: https://github.com/msgpack/msgpack/blob/master/spec.md. Maps are not used on our wire.

const ARRAY_LIMIT = 512;
const DEPTH_LIMIT = 8;
const UTF8_ENCODER = new TextEncoder();
const UTF8_DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// Code, bytes, method of DataView, range. The first that fits is the shortest, as in Python.
const INTEGERS = [
  [0xcc, 1, "Uint8", 0, 0xff],
  [0xcd, 2, "Uint16", 0, 0xffff],
  [0xce, 4, "Uint32", 0, 0xffffffff],
  [0xcf, 8, "BigUint64", 0, Number.MAX_SAFE_INTEGER],
  [0xd0, 1, "Int8", -0x80, -1],
  [0xd1, 2, "Int16", -0x8000, -1],
  [0xd2, 4, "Int32", -0x80000000, -1],
  [0xd3, 8, "BigInt64", Number.MIN_SAFE_INTEGER, -1],
];
const INTEGER_BY_CODE = new Map(INTEGERS.map((integer) => [integer[0], integer]));

/** Bytes that no honest server sends. */
export class DecodeError extends Error {}

/** Return the bytes of a value. */
export function encode(value) {
  const out = [];
  encodeInto(out, value);
  return Uint8Array.from(out);
}

/** Return the value that is all of `bytes`. Throws DecodeError. */
export function decode(bytes) {
  const reader = { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), at: 0 };
  try {
    const value = read(reader, 0);
    if (reader.at === bytes.length) return value;
  } catch (error) {
    // DataView throws at the end of the bytes, TextDecoder for what is no UTF-8.
    throw new DecodeError(`no msgpack: ${error.message}`);
  }
  throw new DecodeError("no msgpack: more than one value");
}

function encodeInto(out, value) {
  if (value === null) out.push(0xc0);
  else if (typeof value === "boolean") out.push(value ? 0xc3 : 0xc2);
  else if (typeof value === "number") encodeNumber(out, value);
  else if (typeof value === "string") {
    const utf8 = UTF8_ENCODER.encode(value);
    encodeLength(out, utf8.length, [0xa0, 32], 0xd9, 0xda);
    out.push(...utf8);
  } else if (value instanceof Uint8Array) {
    encodeLength(out, value.length, [0, 0], 0xc4, 0xc5);
    out.push(...value);
  } else if (Array.isArray(value)) {
    encodeLength(out, value.length, [0x90, 16], null, 0xdc);
    for (const item of value) encodeInto(out, item);
  } else throw new TypeError(`${value} cannot be encoded`);
}

function encodeLength(out, length, [fixCode, fixLimit], code8, code16) {
  if (length < fixLimit) out.push(fixCode | length);
  else if (code8 !== null && length < 0x100) out.push(code8, length);
  else if (length < 0x10000) out.push(code16, length >> 8, length & 0xff);
  else throw new RangeError(`${length} items are more than any message holds`);
}

function encodeNumber(out, number) {
  if (!Number.isInteger(number)) return put(out, 0xcb, 8, "Float64", number);
  if (number >= -32 && number < 128) return out.push(number & 0xff);
  const fits = INTEGERS.find(([, , , least, greatest]) => least <= number && number <= greatest);
  if (!fits) throw new RangeError(`${number} is not exact`);
  return put(out, ...fits.slice(0, 3), fits[1] === 8 ? BigInt(number) : number);
}

function put(out, code, size, method, value) {
  const view = new DataView(new ArrayBuffer(size));
  view[`set${method}`](0, value);
  out.push(code, ...new Uint8Array(view.buffer));
}

function read(reader, depth) {
  const code = number(reader, 1, "Uint8");
  if (code < 0x80) return code;
  if (code >= 0xe0) return code - 0x100;
  if (code < 0xa0 && code >= 0x90) return array(reader, code & 0x0f, depth);
  if (code < 0xc0 && code >= 0xa0) return UTF8_DECODER.decode(binary(reader, code & 0x1f));
  const integer = INTEGER_BY_CODE.get(code);
  if (integer) return Number(number(reader, integer[1], integer[2]));
  switch (code) {
    case 0xc0: return null;
    case 0xc2: return false;
    case 0xc3: return true;
    case 0xc4: return binary(reader, number(reader, 1, "Uint8"));
    case 0xc5: return binary(reader, number(reader, 2, "Uint16"));
    case 0xcb: return number(reader, 8, "Float64");
    case 0xd9: return UTF8_DECODER.decode(binary(reader, number(reader, 1, "Uint8")));
    case 0xda: return UTF8_DECODER.decode(binary(reader, number(reader, 2, "Uint16")));
    case 0xdc: return array(reader, number(reader, 2, "Uint16"), depth);
    default: throw new TypeError(`type 0x${code.toString(16)} is not used here`);
  }
}

function number(reader, size, method) {
  reader.at += size;
  return reader.view[`get${method}`](reader.at - size);
}

function binary(reader, size) {
  if (reader.at + size > reader.bytes.length) throw new RangeError("the value is cut off");
  reader.at += size;
  return reader.bytes.slice(reader.at - size, reader.at);
}

function array(reader, size, depth) {
  if (size > ARRAY_LIMIT || depth === DEPTH_LIMIT) throw new RangeError("too long or too deep");
  return Array.from({ length: size }, () => read(reader, depth + 1));
}
