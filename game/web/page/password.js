// The key of a password, computed in a worker and kept for the next connection.

/** Return a function (password, salt) -> promise of the key. */
export function keyDeriver() {
  let last = null;
  return (password, salt) => {
    const asked = `${password}\n${salt}`;
    // A server keeps its salt, so coming back to it costs nothing.
    if (last?.asked !== asked) last = { asked, key: deriveInWorker(password, salt) };
    return last.key;
  };
}

function deriveInWorker(password, salt) {
  const worker = new Worker(new URL("password_worker.js", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => reject(new Error("the password's key cannot be computed"));
    worker.postMessage({ password, salt });
  }).finally(() => worker.terminate());
}
