import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { waitFor } from '@mosaic/test-kit';
import type { Page } from 'playwright-core';
import type { ChatServer } from './server/chat-server.ts';
import { withOpenPage } from './server/open-page.ts';
import { scriptedAnswer } from './server/paced-turns.ts';

/** The numbered words of the page, in order: shows at once what was lost or doubled. */
async function wordsOf(page: Page): Promise<readonly string[]> {
  return (await page.locator('article.answer').textContent())?.match(/w\d{4}/g) ?? [];
}

function expectedWords(lines: number): readonly string[] {
  return scriptedAnswer(lines).match(/w\d{4}/g) ?? [];
}

async function moreWords(page: Page): Promise<void> {
  const { length } = await wordsOf(page);
  await waitFor(async () => (await wordsOf(page)).length > length + 5);
}

/** What is read when it is the same as 200 ms before: the wheel's scrolling goes on for some frames. */
async function whenAtRest(read: () => Promise<number>): Promise<number> {
  let now = Number.NaN;
  const isAtRest = async () => {
    const last = now;
    now = await read();
    return now === last;
  };
  await waitFor(isAtRest, { everyMs: 200 });
  return now;
}

const goOn = ({ conversations }: ChatServer) => {
  for (const log of conversations.values()) log.goOn();
};

describe('a conversation in Chromium', () => {
  const opened = withOpenPage();

  it('shows text before the end, then who answered, why, how long and at what cost', async () => {
    const { enter, page, routingLine, say, server } = opened();
    await enter();
    await say('refactor this slowly in 30 lines');
    await page.getByText('Claude Sonnet 4.6 is answering').waitFor();
    await page.getByText('w0001').waitFor();
    assert.equal(await routingLine.count(), 0, 'text was shown before the turn ended');
    goOn(server);
    await routingLine.waitFor();
    const line = (await routingLine.textContent()) ?? '';
    for (const part of [
      'Claude Sonnet 4.6',
      'simulated',
      'Moderate code',
      '3.2 s',
      '412 in',
      '$0.0042',
    ]) {
      assert.ok(line.includes(part), `${part} is missing in: ${line}`);
    }
    await page.getByText('why', { exact: true }).click();
    await page.getByText('complexity is moderate, not complex').waitFor();
    await page.getByText('zai/glm-5 – no key is set').waitFor();
    assert.equal(await page.locator('article.answer b').count(), 0, 'raw HTML stays text');
    assert.equal(
      await page.locator('article.answer a').first().getAttribute('rel'),
      'noopener noreferrer',
    );
    assert.match(page.url(), /\/c\/[\w-]+$/);
  });

  it('loses and doubles nothing when it is loaded again in the middle of an answer', async () => {
    const { enter, page, routingLine, say, server } = opened();
    await enter();
    await say('write 60 lines slowly');
    await page.getByText('w0003').waitFor();
    await page.reload();
    await page.getByText('w0003').waitFor();
    assert.equal(await routingLine.count(), 0, 'the answer is still being written');
    goOn(server);
    await routingLine.waitFor();
    assert.deepEqual(await wordsOf(page), expectedWords(60));
    assert.equal(await page.locator('.user-message').count(), 1);
  });

  it('loses and doubles nothing when the connection is cut again and again', async () => {
    const { enter, page, routingLine, say, server } = opened();
    await enter();
    await say('write 60 lines');
    await page.getByText('w0001').waitFor();
    for (let cut = 0; cut < 4; cut += 1) {
      server.cutSockets();
      await page.waitForTimeout(400);
    }
    await routingLine.waitFor();
    assert.deepEqual(await wordsOf(page), expectedWords(60));
  });

  it('keeps a message written without a connection and sends it once', async () => {
    const { context, enter, page, routingLine, say, server } = opened();
    await enter();
    await say('first');
    await routingLine.waitFor();
    await context.setOffline(true);
    server.cutSockets();
    await say('second');
    await page.getByText('is sent when Mosaic is back').waitFor();
    await page.getByText('Mosaic is out of reach').waitFor();
    await context.setOffline(false);
    await routingLine.nth(1).waitFor();
    assert.equal(await page.locator('.user-message').count(), 2);
    assert.equal(await page.getByText('Mosaic is out of reach').count(), 0);
  });

  it('stops the running turn on Escape and keeps what was written', async () => {
    const { enter, page, say } = opened();
    await enter();
    await say('write 200 lines slowly');
    await page.getByText('w0001').waitFor();
    await page.keyboard.press('Escape');
    await page.getByText('What was written is kept').waitFor();
    assert.ok((await wordsOf(page)).length < 200);
    assert.equal(await page.getByRole('button', { name: 'Stop' }).count(), 0);
  });

  it('offers to try a failed turn again and says that its cost is not known', async () => {
    const { enter, page, routingLine, say } = opened();
    await enter();
    await say('please fail');
    await page.getByText('The provider ended the stream early.').waitFor();
    assert.ok((await routingLine.textContent())?.includes('cost unknown'));
    await page.getByRole('button', { name: 'try again' }).click();
    await page.getByRole('button', { name: 'try again' }).nth(1).waitFor();
    assert.equal(await page.locator('.user-message').count(), 2);
  });

  it('lets a reader scroll up while an answer is written, and brings them back', async () => {
    const { enter, page, say } = opened();
    await enter();
    await say('write 200 lines');
    await page.getByText('w0030').waitFor();
    await page.mouse.move(800, 300);
    await page.mouse.wheel(0, -900);
    await page.getByRole('button', { name: 'new messages' }).waitFor();
    const top = () => page.locator('.scroller').evaluate((box) => box.scrollTop);
    const before = await whenAtRest(top);
    await moreWords(page);
    assert.equal(await top(), before, 'the view stayed where the reader put it');
    await page.getByRole('button', { name: 'new messages' }).click();
    await waitFor(async () => (await top()) > before);
  });

  it('copies code and answers, also where the browser has no clipboard', async () => {
    const { context, enter, field, page, routingLine, say } = opened();
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await enter();
    await say('show me code');
    await routingLine.waitFor();
    await page.getByRole('button', { name: 'Copy this code' }).click();
    await page.getByRole('button', { name: 'copied' }).waitFor();
    const code = 'const load = (key: string) => pending.get(key) ?? start(key);';
    assert.equal((await page.evaluate(() => navigator.clipboard.readText())).trim(), code);
    await page.evaluate(() => Object.defineProperty(navigator, 'clipboard', { value: undefined }));
    await page.getByRole('button', { name: 'Copy this answer' }).click();
    await page.getByTestId('routing-line').getByRole('button', { name: 'copied' }).waitFor();
    await field.press('Control+v');
    assert.match(await field.inputValue(), /^```\w*\n.*pending\.get\(key\).*\n```/m);
  });
});
