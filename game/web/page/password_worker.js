// A worker that stretches passwords, so that the page goes on drawing meanwhile.

import { passwordKey } from "./crypto.js";

self.onmessage = ({ data: { password, salt } }) => self.postMessage(passwordKey(password, salt));
