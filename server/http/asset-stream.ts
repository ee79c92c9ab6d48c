/**
 * Pieces as the body of an answer, read no faster than it is sent. The first is there before the answer begins: what cannot be had
 * is refused with a status of its own. `stillAllowed` throws when the caller may not have them any more ([A1]): after a
 * revocation nothing more is sent, also of what is half sent.
 */
export async function streamFor(pieces: AsyncIterable<Uint8Array>, stillAllowed: () => void): Promise<ReadableStream<Uint8Array>> {
  const iterator = pieces[Symbol.asyncIterator]();
  let first: IteratorResult<Uint8Array> | null = await iterator.next();
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = first ?? (await iterator.next());
        first = null;
        stillAllowed();
        if (done) controller.close();
        else controller.enqueue(value);
      },
      async cancel() {
        await iterator.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
