import { childrenOf, type Element, readElement } from '../../../src/x509/der.ts';
import { Random } from '../../fuzz/random.ts';
import { tlv } from '../certificate.ts';
import type { Authority } from './authority.ts';
import { corporateAuthority } from './corporate.ts';

/** A value of a certificate, as a tree that can be changed and written again. */
interface Node {
  tag: number;
  /** Of a primitive value. */
  content: Buffer;
  /** Of a constructed value, and of an OCTET STRING that holds a value. */
  children?: Node[];
  /** How many needless octets its length has. */
  padding?: number;
}

/** Makes an ordinary authority and changes one to three things in it, but not its key. */
export function mutantAuthority(seed: string): Authority {
  const random = new Random(seed);
  const original = corporateAuthority(`mutants ${random.below(40)}`);
  const whole = readElement(original.der);
  if (!whole) throw new Error('unreachable');
  const root = treeOf(whole);
  for (let left = 1 + random.below(3); left > 0; left--) {
    const { node, siblings } = random.pick(placesIn(root, keyOf(root))) ?? { node: root, siblings: [root] };
    random.pick(CHANGES)(node, siblings, random);
  }
  // Most changes of a name would only make it another authority's certificate.
  const fields = root.children?.[0]?.children;
  if (fields?.length === 8 && !random.isOnceIn(8)) fields[3] = fields[5] as Node;
  return { ...original, title: seed, der: write(root) };
}

function treeOf(element: Element): Node {
  const { tag, content } = element;
  const inner = (tag & 0x20) !== 0 ? childrenOf(element) : tag === 0x04 ? innerOf(content) : [];
  return inner.length > 0 ? { tag, content, children: inner.map(treeOf) } : { tag, content };
}

/** The value in an OCTET STRING, if it holds exactly one. */
function innerOf(content: Buffer): readonly Element[] {
  const inner = readElement(content);
  return inner && inner.bytes.length === content.length && inner.tag !== 0 ? [inner] : [];
}

function write({ tag, content, children, padding = 0 }: Node): Buffer {
  const written = children ? Buffer.concat(children.map(write)) : content;
  if (padding === 0) return tlv(tag, written);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(written.length);
  return Buffer.concat([Buffer.from([tag, 0x84]), length, written]);
}

/** The SubjectPublicKeyInfo: the only SEQUENCE in what is signed that holds a BIT STRING. */
function keyOf(root: Node): Node | undefined {
  return root.children?.[0]?.children?.find(({ tag, children }) => tag === 0x30 && children?.[1]?.tag === 0x03);
}

interface Place {
  readonly node: Node;
  readonly siblings: Node[];
}

function placesIn(node: Node, except: Node | undefined): Place[] {
  const { children = [] } = node;
  return children
    .filter((child) => child !== except)
    .flatMap((child) => [{ node: child, siblings: children }, ...placesIn(child, except)]);
}

type Change = (node: Node, siblings: Node[], random: Random) => void;

const TAGS = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1c, 0x1e, 0x30, 0x31, 0x80, 0x81, 0x82,
  0x86, 0x87, 0xa0, 0xa1,
];

const changeOctet: Change = (node, _, random) => {
  if (node.children || node.content.length === 0) return;
  const content = Buffer.from(node.content);
  const at = random.below(content.length);
  content[at] = random.isOnceIn(2) ? random.below(256) : (content[at] ?? 0) ^ (1 << random.below(8));
  node.content = content;
};

const CHANGES: readonly Change[] = [
  changeOctet,
  changeOctet,
  changeOctet,
  (node, _, random) => {
    node.tag = random.pick(TAGS);
  },
  (node, siblings) => {
    siblings.splice(siblings.indexOf(node), 1);
  },
  (node, siblings) => {
    siblings.splice(siblings.indexOf(node), 0, structuredClone(node));
  },
  (node, siblings, random) => {
    const other = random.below(siblings.length);
    siblings[siblings.indexOf(node)] = siblings[other] as Node;
    siblings[other] = node;
  },
  (node, siblings, random) => {
    const content = Buffer.from(Array.from({ length: random.below(6) }, () => random.below(256)));
    siblings.splice(siblings.indexOf(node) + 1, 0, { tag: random.pick(TAGS), content });
  },
  (node, _, random) => {
    if (node.children) node.children.length = random.below(node.children.length + 1);
    else node.content = node.content.subarray(0, random.below(node.content.length + 1));
  },
  (node, _, random) => {
    if (!node.children) node.content = Buffer.concat([node.content, Buffer.from([random.below(256)])]);
  },
  (node, _, random) => {
    if (random.isOnceIn(4)) node.padding = 1;
  },
  // Whether an extension is critical.
  (node, siblings, random) => {
    const at = siblings.findIndex(({ tag }) => tag === 0x01);
    if (at >= 0) siblings.splice(at, 1);
    else if (siblings[0]?.tag === 0x06)
      siblings.splice(1, 0, { tag: 0x01, content: Buffer.from([random.pick([0xff, 0xff, 0, 1])]) });
    else changeOctet(node, siblings, random);
  },
];
