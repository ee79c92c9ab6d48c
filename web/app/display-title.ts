/** Names the server generates say nothing to a reader: twelve of Crockford's base 32, lower case. */
const GENERATED = /^[0-9a-hjkmnp-tv-z]{12}$/;

/** What to call a document: its title, else the name somebody gave it, else `null` ("Untitled"). */
export function displayTitle(title: string, name: string): string | null {
  if (title.trim() !== '') return title;
  return GENERATED.test(name) ? null : name;
}
