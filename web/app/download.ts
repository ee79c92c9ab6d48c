import { ApiError, exportDocument } from './api.ts';
import { toast } from './toast.ts';

/** Downloads a document. A plain link would not do: it carries no token. */
export async function download(documentName: string, format: string): Promise<void> {
  try {
    const file = await exportDocument(documentName, format);
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = file.name;
    link.click();
    // The browser has taken hold of it by the next turn.
    setTimeout(() => URL.revokeObjectURL(link.href));
  } catch (error) {
    toast(error instanceof ApiError ? error.message : 'The document could not be downloaded.');
  }
}
