// What the heads of GGUF and safetensors files tell: metadata and tensors. The weights themselves are not fetched.
import { fill, h, table } from "./dom.js";
import { bytes, number } from "./format.js";
import { node } from "./viewer.js";

const MOST = 64_000_000; // Bytes of a head that are read.
const SHOWN = 300; // Tensors in the table at first.
const GGML = { 0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 6: "Q5_0", 7: "Q5_1", 8: "Q8_0", 9: "Q8_1", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K", 15: "Q8_K",
  16: "IQ2_XXS", 17: "IQ2_XS", 18: "IQ3_XXS", 19: "IQ1_S", 20: "IQ4_NL", 21: "IQ3_S", 22: "IQ2_S", 23: "IQ4_XS", 24: "I8", 25: "I16", 26: "I32", 27: "I64", 28: "F64", 29: "IQ1_M", 30: "BF16", 34: "TQ1_0", 35: "TQ2_0", 39: "MXFP4" };

/** @param read `read(from, to)` resolves to bytes */
export async function modelFile(kind, read, size) {
  const { metadata, tensors } = kind === "gguf" ? await gguf(read, size) : await safetensors(read, size);
  const types = new Map();
  let total = 0;
  for (const tensor of tensors) {
    const count = tensor.shape.reduce((a, b) => a * b, 1);
    total += count;
    types.set(tensor.type, (types.get(tensor.type) ?? 0) + count);
  }
  const place = h("div", {});
  const draw = text => {
    const found = tensors.filter(tensor => tensor.name.toLowerCase().includes(text));
    fill(place, table("Tensors", ["Name", "Shape", "Type"], found.slice(0, SHOWN).map(tensor => [tensor.name, tensor.shape.join(" × "), tensor.type])),
      found.length > SHOWN ? h("p", { class: "soft" }, `${found.length - SHOWN} more: type a part of the name`) : null);
  };
  draw("");
  return [h("p", {}, `${number(tensors.length)} tensors, ${number(total)} parameters: `, [...types].sort((a, b) => b[1] - a[1]).map(([type, count]) => [h("span", { class: "tag" }, `${type} ${(100 * count / Math.max(1, total)).toFixed(1)} %`), " "])),
    h("h3", {}, "Metadata"), h("div", { class: "json" }, node(null, metadata, 1)), h("h3", {}, "Tensors"),
    h("input", { type: "search", placeholder: "part of the name", "aria-label": "Find a tensor", oninput: event => draw(event.target.value.toLowerCase()) }), place];
}

async function safetensors(read, size) {
  const begin = await read(0, 8);
  const length = Number(new DataView(begin.buffer).getBigUint64(0, true));
  if (length > size - 8 || length > MOST) throw new Error(`This is no safetensors file: its head would be ${bytes(length)} of ${bytes(size)}.`);
  const head = JSON.parse(new TextDecoder().decode(await read(8, 8 + length)));
  const { __metadata__: metadata = {}, ...rest } = head;
  return { metadata, tensors: Object.entries(rest).map(([name, { dtype, shape }]) => ({ name, type: String(dtype), shape: shape ?? [] })) };
}

/** Reads on when more is wanted than is there. */
class Head {
  constructor(read, size) {
    Object.assign(this, { read, size, at: 0, view: null });
  }

  async need(count) {
    while (!this.view || this.at + count > this.view.byteLength) {
      const have = this.view?.byteLength ?? 0;
      const to = Math.min(this.size, Math.max(have * 2, 1_000_000, this.at + count));
      if (to <= have || to > MOST) throw new Error(`The file's head does not end within ${bytes(Math.min(this.size, MOST))}.`);
      const more = await this.read(have, to);
      const joined = new Uint8Array(have + more.length);
      if (this.view) joined.set(new Uint8Array(this.view.buffer), 0);
      joined.set(more, have);
      this.view = new DataView(joined.buffer);
      if (!more.length) throw new Error("The file ends within its head.");
    }
  }

  async take(count, method, ...rest) {
    await this.need(count);
    const value = this.view[method](this.at, ...rest);
    this.at += count;
    return value;
  }

  u32() { return this.take(4, "getUint32", true); }

  async u64() {
    const value = Number(await this.take(8, "getBigUint64", true));
    if (value > Number.MAX_SAFE_INTEGER) throw new Error("A number of the head is too large.");
    return value;
  }

  async text() {
    const length = await this.u64();
    if (length > MOST) throw new Error(`A text of ${bytes(length)} in the head.`);
    await this.need(length);
    const text = new TextDecoder().decode(new Uint8Array(this.view.buffer, this.at, length));
    this.at += length;
    return text;
  }
}

const SCALARS = { 0: [1, "getUint8"], 1: [1, "getInt8"], 2: [2, "getUint16"], 3: [2, "getInt16"], 4: [4, "getUint32"], 5: [4, "getInt32"], 6: [4, "getFloat32"], 7: [1, "getUint8"], 10: [8, "getBigUint64"], 11: [8, "getBigInt64"], 12: [8, "getFloat64"] };

async function gguf(read, size) {
  const head = new Head(read, size);
  if (await head.u32() !== 0x46554747) throw new Error("This is no GGUF file.");
  const version = await head.u32();
  if (version < 2 || version > 3) throw new Error(`GGUF version ${version} is not known here.`);
  const tensorCount = await head.u64(), valueCount = await head.u64();
  if (tensorCount > 1_000_000 || valueCount > 1_000_000) throw new Error(`The head tells of ${tensorCount} tensors and ${valueCount} values.`);
  const metadata = { "GGUF version": version };
  for (let i = 0; i < valueCount; i++) {
    const name = await head.text();
    metadata[name] = await value(head, await head.u32(), 0);
  }
  const tensors = [];
  for (let i = 0; i < tensorCount; i++) {
    const name = await head.text();
    const rank = await head.u32();
    if (rank > 8) throw new Error(`The tensor ${name} has ${rank} dimensions.`);
    const shape = [];
    for (let d = 0; d < rank; d++) shape.push(await head.u64());
    const type = await head.u32();
    await head.u64();
    tensors.push({ name, shape, type: GGML[type] ?? `type ${type}` });
  }
  return { metadata, tensors };
}

async function value(head, type, depth) {
  if (type === 8) return head.text();
  if (type === 9) {
    const inner = await head.u32(), count = await head.u64();
    if (depth > 2 || count > MOST) throw new Error(`A list of ${count} values in the head.`);
    const list = [];
    for (let i = 0; i < count; i++) list.push(await value(head, inner, depth + 1));
    return list;
  }
  const [width, method] = SCALARS[type] ?? [];
  if (!method) throw new Error(`A value of unknown type ${type} in the head.`);
  const found = await head.take(width, method, true);
  return type === 7 ? found !== 0 : typeof found === "bigint" ? Number(found) : found;
}
