// The codecs of the wire by the name that a hello gives them; the server's are in net/codec.py.

import { DecodeError, decode, encode } from "./msgpack.js";

export { DecodeError };

const UTF8_ENCODER = new TextEncoder();
const UTF8_DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

// `bytes` makes a value of bytes that the codec can encode, and `readBytes` reads it.
export const MSGPACK = {
  name: "msgpack", encode, decode,
  bytes: (bytes) => bytes,
  readBytes(value) {
    if (!(value instanceof Uint8Array)) throw new DecodeError("no bytes");
    return value;
  },
};

export const JSON_CODEC = {
  name: "json",
  bytes: (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(""),
  readBytes(value) {
    if (typeof value !== "string" || !/^([0-9a-f]{2})*$/i.test(value)) {
      throw new DecodeError("no hexadecimal digits");
    }
    return Uint8Array.from(value.match(/../g) ?? [], (digits) => parseInt(digits, 16));
  },
  encode: (value) => UTF8_ENCODER.encode(JSON.stringify(value)),
  decode(bytes) {
    try {
      return JSON.parse(UTF8_DECODER.decode(bytes));
    } catch (error) {
      throw new DecodeError(`no JSON: ${error.message}`);
    }
  },
};

export const CODECS = { msgpack: MSGPACK, json: JSON_CODEC };
