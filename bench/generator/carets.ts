import * as decoding from 'lib0/decoding';
import * as encoding from 'lib0/encoding';

/** A caret as an editor's awareness has it: a name, a colour and two relative positions. */
const caretOf = (clientId: number, number: number): string => {
  const position = { type: { client: clientId, clock: 1 }, tname: null, item: { client: clientId, clock: number }, assoc: 0 };
  return JSON.stringify({ user: { name: `Writer ${clientId}`, color: '#3d6b8e' }, cursor: { anchor: position, head: position } });
};

/** The awareness update of a person's move `number` from 0. */
export function caretUpdate(clientId: number, number: number): Uint8Array {
  return encoding.encode((encoder) => {
    encoding.writeVarUint(encoder, 1);
    encoding.writeVarUint(encoder, clientId);
    // Awareness counts a client's states from 1.
    encoding.writeVarUint(encoder, number + 1);
    encoding.writeVarString(encoder, caretOf(clientId, number));
  });
}

/** Reads whose moves an awareness update holds. */
export function readCarets(update: Uint8Array, onCaret: (clientId: number, number: number) => void): void {
  const decoder = decoding.createDecoder(update);
  for (let count = decoding.readVarUint(decoder); count > 0; count--) {
    const clientId = decoding.readVarUint(decoder);
    const clock = decoding.readVarUint(decoder);
    const length = decoding.readVarUint(decoder);
    decoder.pos += length;
    onCaret(clientId, clock - 1);
  }
}
