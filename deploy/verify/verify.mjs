// Verifies a bundle of Gongjian's ledger: node verify.mjs BUNDLE.zip --log KEY [--witness KEY]...
// It shares no code with the service. What it checks stands in READ-ME.txt of every bundle and in RFC 6962.
// Exit: 0 all is as it was written, 1 something is not, 2 wrong usage.
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

const [path, ...options] = process.argv.slice(2);
const keys = { log: [], witness: [] };
for (let at = 0; at < options.length; at += 2) {
  const name = options[at].replace(/^--/, "");
  if (!(name in keys) || options[at + 1] === undefined) usage();
  keys[name].push(readKey(options[at + 1]));
}
if (path === undefined || keys.log.length > 1) usage();

const wrong = [];
const files = unzip(readFileSync(path));
const manifest = JSON.parse(text("manifest.json"));
const log = keys.log[0] ?? readKey(manifest.key);
const note = readNote(text("checkpoint.txt"));
const [origin, sizeLine, rootLine, ...extra] = note.text.split("\n").slice(0, -1);
const size = Number(sizeLine);
const root = Buffer.from(rootLine, "base64");
const algorithm = extra.includes("hash sm3") ? "sm3" : "sha256";
const node = (left, right) => hash(algorithm, [Buffer.from([1]), left, right]);

if (origin !== log.name || !note.signatures.some((one) => isBy(one, log)))
  wrong.push("the checkpoint bears no good signature of the log");
const witnessed = keys.witness.filter((key) => note.signatures.some((one) => isBy(one, key)));

const ends = new Map();
const tree = [];
let entries = 0;
for (const line of text("entries.jsonl").split("\n")) {
  if (line === "") continue;
  const entry = JSON.parse(line);
  const name = `entry ${entry.number}` + (entry.book === "history" ? ` (line ${entry.seq} of case ${entry.case})` : "");
  const said = JSON.parse(entry.line);
  const leaf = leafOf(entry);
  if (leaf.toString("hex") !== entry.hash) wrong.push(`${name} is not what was sealed`);
  if (entry.book === "history") followed(entry, said, leaf, name);
  if (manifest.everything) {
    if (entry.number !== entries) wrong.push(`${name} comes where entry ${entries} should`);
    tree.push(leaf);
  } else if (!isIncluded(leaf, entry.number, entry.proof.map((one) => Buffer.from(one, "hex"))))
    wrong.push(`${name} is not in the checkpoint`);
  for (const [field, value] of Object.entries(entry.values ?? {})) opened(entry, said, field, value, name);
  if (manifest.documents) for (const paper of said.evidence ?? []) filed(paper, name);
  entries += 1;
}
if (manifest.everything && (entries !== size || !rootOf(tree).equals(root)))
  wrong.push(`the checkpoint of ${size} entries does not agree with the ${entries} that are here`);
if (entries !== manifest.entries) wrong.push(`there should be ${manifest.entries} entries, and there are ${entries}`);

for (const one of wrong) console.error(`✗ ${one}`);
console.log(`${entries} entries, checkpoint of ${size}, witnessed by ${witnessed.length} of ${keys.witness.length}`);
if (keys.log.length === 0) console.log("no --log: the key is the bundle's own, which proves no more than agreement");
if (wrong.length === 0) console.log("✓ all is as it was written");
process.exit(wrong.length === 0 ? 0 : 1);

function leafOf(entry) {
  const head = entry.book === "history" ? [Buffer.from("gj-hist-v1"), Buffer.from(entry.previous, "hex")] : [Buffer.from("gj-jour-v1")];
  return hash(entry.algorithm, [Buffer.from([0]), ...head, Buffer.from(entry.line)]);
}

function followed(entry, said, leaf, name) {
  const begins = manifest.everything || manifest.case !== null;
  const [seq, end] = ends.get(entry.case) ?? (begins ? [0, "0".repeat(64)] : [entry.seq - 1, entry.previous]);
  if (entry.seq !== seq + 1 || entry.previous !== end) wrong.push(`${name} does not follow line ${seq}`);
  if (said.case !== entry.case || said.seq !== entry.seq) wrong.push(`${name} says that it is another line`);
  ends.set(entry.case, [entry.seq, leaf.toString("hex")]);
}

function opened(entry, said, field, value, name) {
  const held = field === "opinion" ? said.opinion : said.data[field];
  const made = hash(entry.algorithm, [
    Buffer.from("gj-value-v1\0"), Buffer.from(value.salt, "hex"), Buffer.from(JSON.stringify(value.value)),
  ]).toString("hex");
  if (held?.commitment !== made) wrong.push(`“${field}” of ${name} is not what was written`);
}

function filed(paper, name) {
  const content = files.get(`documents/${paper.sha256}`);
  if (content === undefined || hash("sha256", [content()]).toString("hex") !== paper.sha256)
    wrong.push(`the evidence of ${name} is missing or was changed`);
}

// RFC 9162, 2.1.3.2
function isIncluded(leaf, number, proof) {
  if (number >= size) return false;
  let [place, last, found] = [number, size - 1, leaf];
  for (const beside of proof) {
    if (last === 0) return false;
    if (place % 2 === 1 || place === last) {
      found = node(beside, found);
      while (place % 2 === 0 && place !== 0) [place, last] = [place / 2, Math.floor(last / 2)];
    } else found = node(found, beside);
    [place, last] = [Math.floor(place / 2), Math.floor(last / 2)];
  }
  return last === 0 && found.equals(root);
}

// RFC 6962, 2.1
function rootOf(leaves) {
  if (leaves.length === 0) return hash(algorithm, []);
  if (leaves.length === 1) return leaves[0];
  let half = 1;
  while (half * 2 < leaves.length) half *= 2;
  return node(rootOf(leaves.slice(0, half)), rootOf(leaves.slice(half)));
}

// C2SP signed-note: an Ed25519 signature of a log (1), or of a witness with its time (4)
function isBy(signature, key) {
  if (signature.name !== key.name || !signature.said.subarray(0, 4).equals(key.id)) return false;
  const said = signature.said.subarray(4);
  if (key.kind === 1) return verify(null, Buffer.from(note.text), key.public, said);
  const signed = `cosignature/v1\ntime ${said.readBigUInt64BE(0)}\n${note.text}`;
  return verify(null, Buffer.from(signed), key.public, said.subarray(8));
}

function readNote(whole) {
  const gap = whole.lastIndexOf("\n\n");
  const signatures = whole.slice(gap + 2).split("\n").filter((line) => line !== "").map((line) => {
    const [, name, said] = line.split(" ");
    return { name, said: Buffer.from(said, "base64") };
  });
  return { text: whole.slice(0, gap + 1), signatures };
}

function readKey(line) {
  const [name, id, ...rest] = line.split("+");
  const kept = Buffer.from(rest.join("+"), "base64");
  const made = hash("sha256", [Buffer.from(`${name}\n`), kept]).subarray(0, 4);
  if (kept.length !== 33 || made.toString("hex") !== id) {
    console.error(`✗ this is no public key: ${line}`);
    process.exit(2);
  }
  const der = Buffer.concat([Buffer.from("302a300506032b6570032100", "hex"), kept.subarray(1)]); // RFC 8410
  return { name, id: made, kind: kept[0], public: createPublicKey({ key: der, format: "der", type: "spki" }) };
}

function hash(name, parts) {
  const made = createHash(name);
  for (const part of parts) made.update(part);
  return made.digest();
}

function text(name) {
  const file = files.get(name);
  if (file === undefined) {
    console.error(`✗ this is no whole bundle: ${name} is missing`);
    process.exit(1);
  }
  return file().toString("utf8");
}

// The central directory of a zip archive (APPNOTE 4.3.12), stored or deflated
function unzip(bytes) {
  const found = new Map();
  let end = bytes.length - 22;
  while (end >= 0 && bytes.readUInt32LE(end) !== 0x06054b50) end -= 1;
  if (end < 0) {
    console.error("✗ this is no whole bundle: it is no zip archive");
    process.exit(1);
  }
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left -= 1) {
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)];
    const [named, more, comment] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const start = bytes.readUInt32LE(at + 42);
    const name = bytes.subarray(at + 46, at + 46 + named).toString("utf8");
    found.set(name, () => {
      const data = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
      const content = bytes.subarray(data, data + packed);
      return method === 8 ? inflateRawSync(content) : content;
    });
    at += 46 + named + more + comment;
  }
  return found;
}

function usage() {
  console.error("node verify.mjs BUNDLE.zip [--log KEY] [--witness KEY]...");
  process.exit(2);
}
