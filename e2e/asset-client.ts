import { createHash } from 'node:crypto';

/** An upload as a program makes it. */
export async function uploadAsset(
  server: string,
  documentName: string,
  bytes: Uint8Array,
  { token = '', fileName = 'a.png', type = 'image/png' }: { token?: string; fileName?: string; type?: string } = {},
): Promise<Response> {
  const form = new FormData();
  form.set('file', new File([bytes as BlobPart], fileName, { type }));
  const headers = token === '' ? {} : { Authorization: `Bearer ${token}` };
  return fetch(`${server}/api/documents/${encodeURIComponent(documentName)}/assets`, { method: 'POST', body: form, headers });
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Uploads `count` pictures at once, of 1 to 60 KB, some of them twice; throws unless each is stored and can be read. */
export async function uploadMany(server: string, count: number, pictureOf: (nth: number) => Uint8Array): Promise<void> {
  const answers = await Promise.all(
    Array.from({ length: count }, async (_, nth) => {
      const bytes = pictureOf(nth);
      const response = await uploadAsset(server, `document ${nth % 10}`, bytes);
      if (response.status !== 201) throw new Error(`upload ${nth} was answered ${response.status}: ${await response.text()}`);
      return { url: ((await response.json()) as { url: string }).url, hash: sha256(bytes) };
    }),
  );
  for (const { url, hash } of answers) {
    const bytes = await (await fetch(server + url)).bytes();
    if (sha256(bytes) !== hash) throw new Error(`${url} is not what was uploaded`);
  }
}
