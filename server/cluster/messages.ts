import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** What every node says of itself twice a second. */
export interface NodeStatus {
  /** Where it listens, for a person to read. */
  readonly url: string;
  readonly version: string;
  /** When it started, ms since 1970. */
  readonly startedAt: number;
  /** Documents in its memory. */
  readonly documents: number;
  readonly connections: number;
  /** It answers `/readyz` with 200. */
  readonly ready: boolean;
}

/** Where a node stands in a document that has changed a short while ago. */
export interface Recent {
  readonly document: string;
  readonly epoch: number;
  /** The last row that the node has committed. */
  readonly seq: number;
  /** The number of its last message with presence. */
  readonly presence: number;
}

/** What nodes tell each other. `from` is the sender's id. */
export type Message =
  /** Rows were committed, one behind the other. `updates` are left out where they are too long for the broker. */
  | {
      readonly kind: 'edits';
      readonly from: string;
      /** Key of the document's row in Postgres. */
      readonly id: string;
      readonly epoch: number;
      readonly schemaVersion: number;
      readonly first: number;
      readonly count: number;
      readonly updates: readonly Uint8Array[] | null;
    }
  /** An awareness update of clients of the sender's; with `whole`, all of them: whoever is not in it has left. */
  | { readonly kind: 'presence'; readonly from: string; readonly number: number; readonly whole: boolean; readonly update: Uint8Array }
  /** Under these client ids nobody is present at the sender's: an awareness update. Who is there after all says so anew. */
  | { readonly kind: 'absent'; readonly from: string; readonly update: Uint8Array }
  /** The sender wants all presence of the node `of`, or of every node; of a document, or of all that both have. */
  | { readonly kind: 'ask'; readonly from: string; readonly of: string }
  /** The log may have fallen back, or the document was deleted: its head is to be looked up. */
  | { readonly kind: 'look'; readonly from: string; readonly fellBack: boolean }
  | { readonly kind: 'pulse'; readonly from: string; readonly status: NodeStatus; readonly recent: readonly Recent[] }
  /** The sender is going. */
  | { readonly kind: 'bye'; readonly from: string };

/** The first byte. A node leaves alone what it does not know, so that two versions can stand side by side. */
const KINDS = ['edits', 'presence', 'absent', 'ask', 'look', 'pulse', 'bye'] as const satisfies readonly Message['kind'][];

/** A message as bytes: the kind, the sender, and the fields in the order of `Message`, by lib0's encoding. */
export function encodeMessage(message: Message): Uint8Array {
  const encoder = encoding.createEncoder();
  encoding.writeUint8(encoder, KINDS.indexOf(message.kind));
  encoding.writeVarString(encoder, message.from);
  switch (message.kind) {
    case 'edits':
      encoding.writeVarString(encoder, message.id);
      for (const number of [message.epoch, message.schemaVersion, message.first, message.count]) encoding.writeVarUint(encoder, number);
      for (const update of message.updates ?? []) encoding.writeVarUint8Array(encoder, update);
      break;
    case 'presence':
      encoding.writeVarUint(encoder, message.number);
      encoding.writeUint8(encoder, message.whole ? 1 : 0);
      encoding.writeVarUint8Array(encoder, message.update);
      break;
    case 'absent':
      encoding.writeVarUint8Array(encoder, message.update);
      break;
    case 'ask':
      encoding.writeVarString(encoder, message.of);
      break;
    case 'look':
      encoding.writeUint8(encoder, message.fellBack ? 1 : 0);
      break;
    case 'pulse':
      encoding.writeVarString(encoder, JSON.stringify(message.status));
      encoding.writeVarUint(encoder, message.recent.length);
      for (const { document, epoch, seq, presence } of message.recent) {
        encoding.writeVarString(encoder, document);
        for (const number of [epoch, seq, presence]) encoding.writeVarUint(encoder, number);
      }
      break;
    case 'bye':
  }
  return encoding.toUint8Array(encoder);
}

/** Reads a message, whose updates are copies; `null` when it is none, one of a later version, or by `self`: a broker brings a node its own too. */
export function decodeMessage(bytes: Uint8Array, self = ''): Message | null {
  try {
    const decoder = decoding.createDecoder(bytes);
    const kind = KINDS[decoding.readUint8(decoder)];
    if (kind === undefined) return null;
    const from = decoding.readVarString(decoder);
    return from === self ? null : decodeKind(kind, from, decoder);
  } catch {
    return null;
  }
}

function decodeKind(kind: Message['kind'], from: string, decoder: decoding.Decoder): Message {
  const uint = () => decoding.readVarUint(decoder);
  const bytes = () => decoding.readVarUint8Array(decoder).slice();
  switch (kind) {
    case 'edits': {
      const id = decoding.readVarString(decoder);
      const [epoch, schemaVersion, first, count] = [uint(), uint(), uint(), uint()];
      const updates = decoding.hasContent(decoder) ? Array.from({ length: count }, bytes) : null;
      return { kind, from, id, epoch, schemaVersion, first, count, updates };
    }
    case 'presence':
      return { kind, from, number: uint(), whole: decoding.readUint8(decoder) === 1, update: bytes() };
    case 'absent':
      return { kind, from, update: bytes() };
    case 'ask':
      return { kind, from, of: decoding.readVarString(decoder) };
    case 'look':
      return { kind, from, fellBack: decoding.readUint8(decoder) === 1 };
    case 'pulse': {
      const status = JSON.parse(decoding.readVarString(decoder)) as NodeStatus;
      const recent = Array.from({ length: uint() }, () => {
        return { document: decoding.readVarString(decoder), epoch: uint(), seq: uint(), presence: uint() };
      });
      return { kind, from, status, recent };
    }
    case 'bye':
      return { kind, from };
  }
}

/** Where nodes tell of themselves. */
export const NODES_TOPIC = 'nodes';

/** Where they tell one node what is for it alone. */
export function nodeTopic(id: string): string {
  return `node:${id}`;
}

/** Where they tell of a document. */
export function documentTopic(name: string): string {
  return `document:${name}`;
}
