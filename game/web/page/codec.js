// The codecs of the wire by the name that a hello gives them; the server's are in net/codec.py.

import { DecodeError, decode, encode } from "./msgpack.js";

export { DecodeError };

const UTF8_ENCODER = new TextEncoder();
const UTF8_DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

export const MSGPACK = { name: "msgpack", encode, decode };

export const JSON_CODEC = {
  name: "json",
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
