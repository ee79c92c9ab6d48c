import { Notes } from './notes';

// A server component: the editor's place is in the HTML that it sends, and the editor comes in the browser.
export default function Page() {
  return (
    <main>
      <h1>Inkwire in Next.js</h1>
      <p>Open this page twice and write.</p>
      <Notes server={process.env.INKWIRE_SERVER ?? 'http://127.0.0.1:8787'} />
    </main>
  );
}
