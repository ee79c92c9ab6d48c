import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { until } from '../wait.ts';
import { faults } from './axe.ts';
import { Pages, type Visitor } from './open-pages.ts';

const MARKDOWN = `A claim[^1] about H<sub>2</sub>O.

> [!WARNING]
> Mind the gap.

<details>
<summary>More of it</summary>

Hidden words.

</details>

<!-- nobody sees this -->

[^1]: Its source.
`;

describe('callouts, collapsible sections and footnotes', () => {
  let pages: Pages;
  before(async () => {
    pages = await Pages.open();
    await pages.create({ name: 'asides', markdown: MARKDOWN });
  });
  after(async () => {
    await pages?.close();
  });

  const markdown = (visitor: Visitor) => visitor.page.evaluate(() => document.querySelector('inkwire-editor')!.getMarkdown());
  const fresh = async (): Promise<Visitor> => {
    const visitor = await pages.visit(`/d/${crypto.randomUUID()}`);
    await visitor.writing();
    return visitor;
  };
  const choose = async ({ page }: Visitor, name: string) => {
    await page.keyboard.type(`/${name}`);
    await page.getByRole('option', { name, exact: false }).first().waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('listbox', { name: 'Insert' }).waitFor({ state: 'detached' });
  };
  const untilMarkdown = async (visitor: Visitor, expected: string) => {
    let last = '';
    const isWritten = async () => {
      last = await markdown(visitor);
      return last === expected;
    };
    await until('it is written so', isWritten).catch(() => assert.equal(last, expected));
  };

  it('are shown, and come out as they went in', async () => {
    const ada = await pages.visit('/d/asides');
    await ada.writing();
    assert.equal(await markdown(ada), MARKDOWN);
    const { page } = ada;
    assert.equal(await page.getByText('nobody sees').count(), 0);
    const hidden = page.getByText('Hidden words.');
    assert.equal(await hidden.isVisible(), false);
    await page.getByRole('button', { name: 'Expand' }).click();
    assert.equal(await hidden.isVisible(), true);
    await page.locator('inkwire-editor sup[data-footnote]').click();
    await page.keyboard.type('Look: ');
    await until('the caret was in the note', async () => (await markdown(ada)).includes('[^1]: Look: Its source.'));
    assert.deepEqual(await faults(ada), []);
    await ada.leave();
  });

  it('are made from the menu, and a callout becomes one of another kind', async () => {
    const ada = await fresh();
    const { keyboard } = ada.page;
    await choose(ada, 'Tip');
    await keyboard.type('Save often.');
    await untilMarkdown(ada, '> [!TIP]\n> Save often.\n');
    await keyboard.press('Enter');
    await choose(ada, 'Caution');
    await keyboard.type('Or not');
    await untilMarkdown(ada, '> [!CAUTION]\n> Save often.\n>\n> Or not\n');
    // An empty last paragraph leaves it.
    await keyboard.press('Enter');
    await keyboard.press('Enter');
    await keyboard.type('A claim ');
    await choose(ada, 'Footnote');
    await keyboard.type('Its source');
    await untilMarkdown(ada, '> [!CAUTION]\n> Save often.\n>\n> Or not\n\nA claim[^1]\n\n[^1]: Its source\n');
    await ada.leave();
  });

  it('are collapsed by hand, written in by keys, and unwrapped at the start of their summary', async () => {
    const ada = await fresh();
    const { keyboard } = ada.page;
    await choose(ada, 'Collapsible section');
    await keyboard.type('Summary');
    await keyboard.press('Enter');
    await keyboard.type('within');
    await untilMarkdown(ada, '<details open>\n<summary>Summary</summary>\n\nwithin\n\n</details>\n');
    await ada.page.getByRole('button', { name: 'Collapse' }).click();
    assert.equal(await ada.page.getByText('within').isVisible(), false);
    await ada.select(2);
    await keyboard.press('Backspace');
    await untilMarkdown(ada, 'Summary\n\nwithin\n');
    await ada.leave();
  });

  it('letters are raised and lowered by keys, and an address becomes a link as it is typed', async () => {
    const ada = await fresh();
    const { keyboard } = ada.page;
    await keyboard.type('H');
    await keyboard.press('Control+,');
    await keyboard.type('2');
    await keyboard.press('Control+,');
    await keyboard.type('O x');
    await keyboard.press('Control+.');
    await keyboard.type('2');
    await keyboard.press('Control+.');
    await untilMarkdown(ada, 'H<sub>2</sub>O x<sup>2</sup>\n');
    // What finds addresses is fetched once the page has nothing else to do.
    await until('an address is a link', async () => {
      await keyboard.press('Control+a');
      await keyboard.type('see example.org now');
      return (await markdown(ada)).includes('(http://example.org)');
    });
    await ada.leave();
  });
});
