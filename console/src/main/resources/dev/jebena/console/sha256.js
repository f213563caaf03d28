// SHA-256 of data that comes in pieces: what the browser offers wants all of it at once, and only on secure addresses.

const K = new Int32Array(64), START = new Int32Array(8);

// The constants are the first 32 bits of the fractional parts of cube and square roots of the first primes (FIPS 180-4).
for (let n = 2, found = 0; found < 64; n++) {
  let prime = true;
  for (let d = 2; d * d <= n && prime; d++) prime = n % d !== 0;
  if (!prime) continue;
  const fraction = root => Math.floor((root - Math.floor(root)) * 2 ** 32) | 0;
  K[found] = fraction(Math.cbrt(n));
  if (found < 8) START[found] = fraction(Math.sqrt(n));
  found++;
}

export class Sha256 {
  constructor() {
    this.state = START.slice();
    this.rest = new Uint8Array(64);
    this.kept = 0;
    this.length = 0;
    this.words = new Int32Array(64);
  }

  /** @param bytes a Uint8Array */
  update(bytes) {
    this.length += bytes.length;
    let at = 0;
    if (this.kept) {
      const taken = Math.min(64 - this.kept, bytes.length);
      this.rest.set(bytes.subarray(0, taken), this.kept);
      this.kept += taken;
      at = taken;
      if (this.kept < 64) return this;
      this.block(this.rest, 0);
      this.kept = 0;
    }
    for (; at + 64 <= bytes.length; at += 64) this.block(bytes, at);
    this.rest.set(bytes.subarray(at), 0);
    this.kept = bytes.length - at;
    return this;
  }

  block(bytes, at) {
    const w = this.words;
    for (let i = 0; i < 16; i++, at += 4) w[i] = (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
    for (let i = 16; i < 64; i++) {
      const a = w[i - 15], b = w[i - 2];
      w[i] = w[i - 16] + w[i - 7] + ((a >>> 7 | a << 25) ^ (a >>> 18 | a << 14) ^ a >>> 3) + ((b >>> 17 | b << 15) ^ (b >>> 19 | b << 13) ^ b >>> 10);
    }
    let [a, b, c, d, e, f, g, h] = this.state;
    for (let i = 0; i < 64; i++) {
      const one = (h + ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7)) + (e & f ^ ~e & g) + K[i] + w[i]) | 0;
      const two = (((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10)) + (a & b ^ a & c ^ b & c)) | 0;
      h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    const s = this.state;
    s[0] += a; s[1] += b; s[2] += c; s[3] += d; s[4] += e; s[5] += f; s[6] += g; s[7] += h;
  }

  hex() {
    const bits = this.length * 8;
    const end = new Uint8Array((this.kept < 56 ? 64 : 128) - this.kept);
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(end.length - 8, Math.floor(bits / 2 ** 32));
    view.setUint32(end.length - 4, bits >>> 0);
    this.update(end);
    return [...this.state].map(word => (word >>> 0).toString(16).padStart(8, "0")).join("");
  }
}

/** The hash of a file; `told(bytes)` hears how far it is. */
export async function hashed(file, told) {
  const hash = new Sha256();
  for (let at = 0; at < file.size; at += 4 << 20) {
    hash.update(new Uint8Array(await file.slice(at, at + (4 << 20)).arrayBuffer()));
    told(Math.min(file.size, at + (4 << 20)));
  }
  return hash.hex();
}
