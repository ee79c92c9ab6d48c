import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Busboy, type BusboyInstance } from '@fastify/busboy';
import { InkwireError } from '../../protocol/errors.ts';
import type { IncomingFile } from '../ports/assets.ts';

/** What may stand around the one file of a form: a browser sends a header or three a part. */
const LIMITS = { files: 1, fields: 16, parts: 17, fieldSize: 1024, fieldNameSize: 100, headerPairs: 32, headerSize: 16 * 1024 };

/** Bytes that a form may have beside its file. */
export const FORM_OVERHEAD_BYTES = 64 * 1024;

/** Bytes of the file that wait to be read. */
const WAITING_BYTES = 64 * 1024;

/**
 * The file of a `multipart/form-data` body, read no faster than it is used; an end that comes too early is thrown where
 * it is used. Throws `unsupported-media-type` for another body, and `bad-request` for a form without a file or with two.
 */
export async function openMultipartFile(request: Request): Promise<IncomingFile> {
  const contentType = request.headers.get('content-type') ?? '';
  if (!/^multipart\/form-data\s*;/i.test(contentType) || request.body === null) {
    throw new InkwireError('unsupported-media-type', 'Send the file as multipart/form-data: curl -F file=@picture.png does.');
  }
  const form = formOf(contentType);
  const opened = Promise.withResolvers<IncomingFile>();
  let twice = false;
  form.on('filesLimit', () => {
    twice = true;
  });
  form.on('file', (_field: string, file: Readable, fileName: string | undefined) => {
    // Until somebody reads it, its failure is told by `whole`.
    file.on('error', () => {});
    whole.catch((error: Error) => file.destroy(error));
    opened.resolve({ fileName: fileName ?? '', bytes: bytesOf(file, whole) });
  });
  const body = Readable.fromWeb(request.body as Parameters<typeof Readable.fromWeb>[0]);
  const whole = pipeline(body, form).then(
    () => {
      if (twice) throw new InkwireError('bad-request', 'Send one file a request.');
      opened.reject(new InkwireError('bad-request', 'There is no file in the form.'));
    },
    (cause: unknown) => {
      throw malformed(cause);
    },
  );
  whole.catch(opened.reject);
  return opened.promise;
}

function formOf(contentType: string): BusboyInstance {
  try {
    return new Busboy({ headers: { 'content-type': contentType }, limits: LIMITS, fileHwm: WAITING_BYTES });
  } catch (cause) {
    throw new InkwireError('bad-request', 'The boundary of the form is missing.', { cause });
  }
}

/** A file is whole once its form is. */
async function* bytesOf(file: Readable, whole: Promise<void>): AsyncIterable<Uint8Array> {
  try {
    yield* file as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw malformed(cause);
  }
  await whole;
}

function malformed(cause: unknown): InkwireError {
  return new InkwireError('bad-request', 'The form ends too early or is malformed.', { cause });
}
