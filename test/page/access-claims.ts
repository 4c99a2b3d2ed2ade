// What those need who can't see the page well, or use no mouse.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { send, signedIn, stand, words } from './page-stand.ts';

const axeFile = fileURLToPath(import.meta.resolve('axe-core/axe.min.js'));
const axeSource = readFileSync(axeFile, 'utf8');

interface AxeReport {
  readonly violations: readonly {
    readonly id: string;
    readonly impact: string;
    readonly nodes: readonly { readonly target: readonly string[] }[];
  }[];
}

/** What comes in slowly is looked at when it is there; what moves for ever is not waited for. */
const whatFadesIn = `Promise.all(document.getAnimations()
  .filter((one) => one.effect.getComputedTiming().endTime < 1_000)
  .map((one) => one.finished.catch(() => undefined)))`;

/** What axe finds that keeps somebody from using what is shown, each with its place. */
async function obstaclesOn(page: Page, state: string): Promise<string[]> {
  await page.evaluate(whatFadesIn);
  const isLoaded = await page.evaluate('window.axe !== undefined');
  if (isLoaded !== true) await page.evaluate(axeSource);
  const report: AxeReport = await page.evaluate("axe.run({ resultTypes: ['violations'] })");
  return report.violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target }) => `${state}: ${id} at ${target.join(' ')}`),
    );
}

const reply = [
  '# A heading',
  '- [ ] to do\n- [x] done',
  '| A table | of two |\n|---|---|\n| with | cells |',
  '```js\nconst code = "that is wide enough to scroll to the side, on a phone in any case";\n```',
  `> quoted\n\n[a link](https://example.org/x) and \`code\`. ${words(40)}`,
].join('\n\n');
const savesMemory = { toolCalls: [{ name: 'memory_save', arguments: { text: 'A cat.' } }] };

test('axe finds nothing serious on any page, in any state, in the dark and on a phone', async () => {
  const { browser, mosaic } = stand;
  await browser.clearCookies();
  const outside = await browser.newPage();
  await outside.goto(mosaic.url);
  await outside.getByRole('button', { name: /^sign in$/i }).waitFor();
  const found = await obstaclesOn(outside, 'sign in');
  await outside.close();
  const page = await signedIn('una');
  const look = async (state: string) => found.push(...(await obstaclesOn(page, state)));
  await look('first page');
  mosaic.vendors.script({ vendor: 'anthropic', reply, holdAfter: 5 });
  await send(page, 'What is the capital of Norway?');
  await page.getByText('is answering').waitFor();
  await look('an answer is written');
  mosaic.vendors.goOn();
  await page.getByTestId('routing-line').waitFor();
  await page.locator('details.why summary').click();
  await look('the record of an answer');
  await page.emulateMedia({ colorScheme: 'dark' });
  await look('the same in the dark');
  await page.setViewportSize({ width: 390, height: 844 });
  await look('the same on a phone');
  await page.getByRole('button', { name: 'Conversations', exact: true }).click();
  await look('the drawer');
  await page.keyboard.press('Escape');
  await page.emulateMedia({ colorScheme: 'light' });
  await page.setViewportSize({ width: 1280, height: 800 });
  mosaic.vendors.script({ vendor: 'anthropic', ...savesMemory });
  await send(page, 'What is the capital of Sweden?');
  await page.getByRole('button', { name: 'Allow once' }).waitFor();
  await look('a tool asks');
  await page.getByRole('button', { name: 'Deny' }).click();
  await page.getByTestId('routing-line').nth(1).waitFor();
  await page.getByRole('button', { name: /^Model: / }).click();
  await look('the models');
  await page.getByRole('combobox').fill('no such model');
  await look('no model of that name');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+k');
  await look('the commands');
  for (const command of ['/help', '/agent new']) {
    await send(page, command);
    await page.getByRole('dialog').waitFor();
    await look(command);
    await page.keyboard.press('Escape');
  }
  await send(page, '/remember A cat.');
  await page.getByText('Remembered: A cat.').waitFor();
  for (const name of ['Rules', 'Cost', 'Storage', 'Providers', 'Memory']) {
    await page.getByRole('link', { name, exact: true }).click();
    await page.locator('.view').waitFor();
    await page.getByText('loading …').waitFor({ state: 'detached' });
    if (name === 'Providers')
      await page.getByRole('button', { name: 'Use your own key' }).first().click();
    if (name === 'Memory') await page.getByRole('button', { name: /^Edit/ }).click();
    await look(name);
  }
  assert.deepEqual(found, []);
  await page.close();
});

/** What has the focus, by the name that is read out. */
const focused = (page: Page): Promise<string> =>
  page.evaluate(`(() => { const { activeElement: it } = document;
    return it.ariaLabel ?? it.textContent; })()`);

test('the keyboard alone is enough: the focus comes back, and an answer is read out once', async () => {
  const page = await signedIn('vic');
  const { keyboard } = page;
  await page.getByRole('button', { name: 'Skip the list' }).focus();
  await keyboard.press('Enter');
  assert.equal(await page.evaluate('document.activeElement.tagName'), 'MAIN');
  stand.mosaic.vendors.script({ vendor: 'anthropic', ...savesMemory });
  await send(page, 'What is the capital of Finland?');
  await page.evaluate(`window.readOut = []; new MutationObserver((all) => {
    for (const { target } of all) window.readOut.push(target.textContent);
  }).observe(document.querySelector('p[aria-live]'), { childList: true, characterData: true, subtree: true })`);
  await page.getByRole('button', { name: 'Deny' }).focus();
  await keyboard.press('Enter');
  await page.getByTestId('routing-line').waitFor();
  assert.equal(
    await focused(page),
    'Conversation',
    'the question is gone, and the focus stays near',
  );
  const readOut = await page.evaluate('window.readOut');
  assert.ok(Array.isArray(readOut) && readOut.length === 1, JSON.stringify(readOut));
  assert.match(String(readOut[0]), /^Claude Haiku 4\.5, completed: /);
  await page.getByRole('button', { name: /^Delete / }).focus();
  await keyboard.press('Enter');
  assert.equal(await focused(page), 'keep');
  await keyboard.press('Enter');
  assert.match(await focused(page), /^Delete /);
  await page.getByRole('button', { name: /^Agent: / }).focus();
  await keyboard.press('Enter');
  assert.equal(await focused(page), 'Search agents');
  await keyboard.press('Escape');
  assert.match(await focused(page), /^Agent: /);
  await send(page, '/help');
  await page.getByRole('dialog', { name: 'Commands and keys' }).waitFor();
  assert.equal(await page.evaluate("document.activeElement.closest('dialog') !== null"), true);
  await keyboard.press('Escape');
  assert.equal(await focused(page), 'Message');
  await page.close();
});
