import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { launchMosaic, type RunningMosaic, temporaryDirectory, waitFor } from '@mosaic/test-kit';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
let mosaic: RunningMosaic;
let profile: Awaited<ReturnType<typeof temporaryDirectory>>;
let browser: BrowserContext;
before(async () => {
  mosaic = await launchMosaic({ timeoutMs: 240_000 });
  profile = await temporaryDirectory();
  browser = await chromium.launchPersistentContext(profile.path, {
    executablePath: '/usr/bin/chromium',
    timeout: 120_000,
    args: flags,
    viewport: { width: 1280, height: 800 },
  });
});
after(async () => {
  await browser.close();
  await profile.remove();
  await mosaic.stop();
});

async function signedIn(name: string): Promise<Page> {
  await fetch(`${mosaic.url}/api/auth/sign-up/email`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name, email: `${name}@example.org`, password: `${name}-pass-word-1` }),
  });
  await browser.clearCookies();
  const page = await browser.newPage();
  await page.goto(mosaic.url);
  await page.getByLabel(/e-?mail/i).fill(`${name}@example.org`);
  await page.getByLabel(/password/i).fill(`${name}-pass-word-1`);
  await page.getByRole('button', { name: /^sign in$/i }).click();
  await page.getByRole('textbox', { name: /message/i }).waitFor();
  page.setDefaultTimeout(60_000);
  return page;
}

async function send(page: Page, text: string): Promise<void> {
  const box = page.getByRole('textbox', { name: /message/i });
  await box.fill(text);
  await box.press('Enter');
}

const textOf = async (page: Page, place = '[role=log]') =>
  (await page.locator(place).allInnerTexts()).join('\n');

const words = (count: number) =>
  Array.from({ length: count }, (_, index) => `word${index}`).join(' ');

test('signs in, streams an answer and shows the model and the reason under it', async () => {
  const page = await signedIn('ann');
  mosaic.vendors.script({ vendor: 'anthropic', reply: words(30), holdAfter: 10 });
  await send(page, 'What is the capital of Australia?');
  await page.getByText('word3', { exact: false }).first().waitFor();
  assert.equal((await textOf(page)).includes('word29'), false);
  mosaic.vendors.goOn();
  await page.getByText('word29', { exact: false }).first().waitFor();
  await page
    .getByText(/Claude Haiku 4\.5/)
    .first()
    .waitFor();
  assert.match(await textOf(page), /simple/);
  await page.close();
});

test('after a reload it goes on with the whole history, and pickers change what the vendor gets', async () => {
  const page = await signedIn('eva');
  await send(page, 'My cat is called Kater, friend.');
  await page
    .getByRole('article', { name: /^Answer/ })
    .getByText(/called Kater/)
    .waitFor();
  await page.reload();
  await page.getByText('My cat is called Kater, friend.').first().waitFor();
  await page.getByRole('button', { name: /^Model: / }).click();
  await page
    .getByRole('option', { name: /^Claude Opus 4\.6.*anthropic/ })
    .first()
    .click();
  await page.getByRole('button', { name: 'Model: Claude Opus 4.6' }).waitFor();
  await page.getByRole('button', { name: /^Agent: / }).click();
  await page.getByRole('option', { name: /coding-agent/ }).click();
  await page.getByRole('button', { name: 'Agent: coding-agent' }).waitFor();
  await send(page, 'What is my cat called, friend?');
  const pinned = page.getByText(/pinned by you/);
  await pinned.first().waitFor();
  const isAsked = ({ body }: { body?: unknown }) =>
    JSON.stringify((body as { messages?: unknown[] })?.messages?.at(-1) ?? '').includes(
      'my cat called',
    );
  const asked = await waitFor(() => mosaic.vendors.journal.findLast(isAsked));
  const body = asked.body as {
    model: string;
    system: unknown;
    tools: { name: string }[];
    messages: { role: string }[];
  };
  assert.equal(body.model, 'claude-opus-4-6');
  assert.match(JSON.stringify(body.system), /software engineer/);
  assert.ok(body.tools.some((tool) => tool.name === 'write_file'));
  assert.deepEqual(
    body.messages.map((message) => message.role),
    ['user', 'assistant', 'user'],
  );
  await page.close();
});

test('a reload in mid-stream loses and doubles nothing', async () => {
  const page = await signedIn('ben');
  mosaic.vendors.script({ vendor: 'anthropic', reply: words(60), holdAfter: 30 });
  await send(page, 'Tell me sixty words, friend');
  await page.getByText('word5', { exact: false }).first().waitFor();
  await page.reload();
  await page.getByText('word5', { exact: false }).first().waitFor();
  mosaic.vendors.goOn();
  await page.getByText('word59', { exact: false }).first().waitFor();
  const sonnet = page.getByText(/Claude Sonnet 4\.6/);
  await sonnet.first().waitFor();
  const shown = await textOf(page);
  const found = shown.match(/word\d+/g) ?? [];
  assert.equal(found.join(' '), words(60));
  assert.equal(shown.split('Tell me sixty words').length - 1, 1);
  await page.close();
});

test('what one person wrote is not on the page of another', async () => {
  const page = await signedIn('cid');
  assert.equal((await textOf(page, 'body')).includes('sixty words'), false);
  await page.close();
});

test('nothing is broken on a phone', async () => {
  const page = await signedIn('dan');
  await page.setViewportSize({ width: 390, height: 844 });
  await send(page, 'What is the capital of Peru?');
  await page
    .getByText(/Claude Haiku 4\.5/)
    .first()
    .waitFor();
  const overflow = await page.evaluate(
    'document.documentElement.scrollWidth > document.documentElement.clientWidth',
  );
  assert.equal(overflow, false, 'nothing sticks out at the side');
  await page.close();
});

test('what an answer really was is learned when one says yes, and unlearned on the page of rules', async () => {
  const page = await signedIn('eve');
  const text = 'Take care of the usual for the week, friend';
  const sayWhatItWas = async () => {
    await page.getByRole('button', { name: /^Task: / }).click();
    await page.getByRole('option', { name: 'data analysis' }).click();
    await page.getByText(/Take messages like “Take care of the usual.* as data analysis/).waitFor();
  };
  await send(page, text);
  await page.getByRole('button', { name: 'Good answer' }).click();
  await sayWhatItWas();
  await page.getByRole('link', { name: 'Rules' }).click();
  const offered = page.getByRole('region', { name: 'Offered to you' });
  await offered.getByRole('button', { name: 'Yes' }).click();
  await page.getByText('From now on, for you.').waitFor();
  const learned = page.getByRole('region', { name: 'Learned from messages' });
  await page.goto(mosaic.url);
  await send(page, text);
  const asLearned = page.getByText(/data analysis \(1\.00, like “Take care of the usual/);
  await asLearned.first().waitFor();
  await page.getByRole('link', { name: 'Rules' }).click();
  await learned.getByRole('button', { name: /^Remove “Take care/ }).click();
  await learned.getByRole('button', { name: 'remove for good' }).click();
  await learned.waitFor({ state: 'detached' });
  await page.goto(mosaic.url);
  await send(page, text);
  await page.getByTestId('routing-line').waitFor();
  assert.equal(await asLearned.count(), 0);
  await sayWhatItWas();
  await page.getByRole('button', { name: 'No', exact: true }).click();
  await page.getByText('It is not offered again.').waitFor();
  await page.getByRole('link', { name: 'Rules' }).click();
  await page.getByText('code-complex').waitFor();
  assert.equal(await offered.count(), 0);
  await page.close();
});

test('asks again with another model, says what leaving the cache costs and who judged', async () => {
  const page = await signedIn('jon');
  await send(page, 'What is the capital of Kenya?');
  await page.getByTestId('routing-line').waitFor();
  await page.getByRole('button', { name: 'Ask again' }).click();
  await page.getByRole('option', { name: /^Claude Opus 4\.6.*anthropic/ }).click();
  await page.getByText('asked for by you').waitFor();
  await send(page, '/why');
  const fact = (name: string) =>
    page.locator('details.why[open] .fact').filter({ has: page.getByText(name, { exact: true }) });
  await fact('Prompt cache')
    .getByText(/tokens that anthropic\/claude-haiku-4-5 has cached/)
    .waitFor();
  const judge = { model: 'anthropic/claude-haiku-4-5', below: 0.9, timeoutMs: 3_000 };
  await page.request.put(`${mosaic.url}/api/preferences/routing.judge`, {
    data: { value: judge },
    headers: { origin: mosaic.url },
  });
  const reply = JSON.stringify({ task: 'coding', complexity: 'complex' });
  mosaic.vendors.script({ vendor: 'anthropic', model: 'claude-haiku-4-5', reply });
  await page.goto(mosaic.url);
  await send(page, 'Take the second of these and go through it');
  await page.getByTestId('routing-line').waitFor();
  await send(page, '/why');
  await fact('Judged')
    .getByText(/claude-haiku-4-5.*coding/)
    .waitFor();
  await page.close();
});

test('an agent of one’s own is made and changed in a form that holds all of it', async () => {
  const page = await signedIn('kim');
  await send(page, '/agent new');
  const form = page.getByRole('form', { name: 'New agent' });
  await form.getByLabel('Name').fill('planner');
  await form.getByLabel('Description').fill('Plans weeks.');
  await form.getByLabel('Instructions').fill('You plan weeks, in short lines.');
  await form.getByLabel('Model').selectOption('tier/cheap');
  await form.getByLabel('Effort').selectOption('low');
  await form.getByLabel('Temperature').fill('0.3');
  await form.getByLabel('It is shown what is remembered of you').uncheck();
  await form.getByLabel('docs').check();
  await form.getByLabel(/^web_fetch/).selectOption('ask');
  await form.getByLabel('More tools, by a pattern').fill('mcp:calendar:*');
  await form.getByRole('button', { name: 'deny' }).click();
  await form.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Plans weeks.').waitFor();
  await page.keyboard.press('Escape');
  await send(page, '/agent edit planner');
  const edited = page.getByRole('form', { name: 'planner' });
  await edited.getByLabel(/^web_fetch/).selectOption('allow');
  await edited.getByLabel('Temperature').fill('');
  await edited.getByRole('button', { name: 'Save' }).click();
  await edited.waitFor({ state: 'detached' });
  const { agent } = await (await page.request.get(`${mosaic.url}/api/agents/planner`)).json();
  assert.deepEqual(
    { ...agent, id: 0, version: 0 },
    {
      ...{ id: 0, version: 0, name: 'planner', scope: 'user', description: 'Plans weeks.' },
      ...{ systemPrompt: 'You plan weeks, in short lines.', model: 'tier/cheap', effort: 'low' },
      ...{ temperature: null, memory: false, capabilities: { domains: ['docs'], toolSets: [] } },
      tools: [
        { tool: 'web_fetch', policy: 'allow' },
        { tool: 'mcp:calendar:*', policy: 'deny' },
      ],
    },
  );
  await page.close();
});

test('a pasted log of 390,000 characters is routed, answered and explained as a whole', async () => {
  const page = await signedIn('lea');
  const log = '2026-11-24T10:00:00Z ERROR worker 17 failed at main.ts:88\n'.repeat(6_700);
  const paste = `clipboardData.setData('text/plain', ${JSON.stringify(log)})`;
  await page.evaluate(`{ const clipboardData = new DataTransfer(); ${paste};
    const how = { clipboardData, bubbles: true };
    document.activeElement.dispatchEvent(new ClipboardEvent('paste', how)); }`);
  await send(page, 'Which error is in this log most often?');
  await page.getByTestId('routing-line').waitFor({ timeout: 120_000 });
  const whole = JSON.stringify(log.trim()).slice(1, -1);
  assert.ok(mosaic.vendors.journal.some(({ body }) => JSON.stringify(body).includes(whole)));
  const conversationId = new URL(page.url()).pathname.split('/').at(-1);
  const reply = await page.request.get(
    `${mosaic.url}/api/conversations/${conversationId}/messages`,
  );
  const { messages } = await reply.json();
  const replayed = await page.request.post(`${mosaic.url}/api/routing/replay-turn`, {
    data: { conversationId, messageId: messages[0].id },
    headers: { origin: mosaic.url },
  });
  const { isSame, stored } = await replayed.json();
  assert.ok(isSame && stored.profile.promptTokens > 90_000, `${stored.profile.promptTokens}`);
  await page.close();
});

test('memories are listed, added to, corrected, forgotten and paused on their page', async () => {
  const page = await signedIn('fay');
  await send(page, '/remember My cat is called Kater.');
  await page.getByText('Remembered: My cat is called Kater.').waitFor();
  await send(page, '/memory');
  const memories = page.getByRole('list', { name: 'Memories' }).getByRole('listitem');
  await memories.filter({ hasText: 'written by you' }).waitFor();
  await page
    .getByRole('textbox', { name: 'Something to remember' })
    .fill('I prefer short answers.');
  await page.getByRole('button', { name: 'Remember', exact: true }).click();
  await memories.filter({ hasText: 'preference' }).waitFor();
  await page.getByRole('button', { name: /^Edit “My cat/ }).click();
  await page.getByRole('textbox', { name: 'What is remembered' }).fill('My cat is called Mia.');
  await page.getByRole('button', { name: 'Save' }).click();
  await memories.filter({ hasText: 'Mia' }).waitFor();
  await page.getByRole('button', { name: /^Forget “I prefer/ }).click();
  await page.getByRole('button', { name: 'forget for good' }).click();
  await memories.filter({ hasText: 'preference' }).waitFor({ state: 'detached' });
  await page.getByRole('switch', { name: /^Pause/ }).click();
  await page.getByRole('switch', { name: /^Pause/, checked: true }).waitFor();
  await page.reload();
  await memories.filter({ hasText: 'Mia' }).waitFor();
  assert.equal(await memories.count(), 1);
  assert.equal(await page.getByRole('switch', { name: /^Pause/ }).isChecked(), true);
  await page.close();
});

test('search marks the words and goes to the message; /why opens the record of the answer', async () => {
  const page = await signedIn('gil');
  mosaic.vendors.script({ vendor: 'anthropic', reply: '> **My bicycle** is _green_, you say.' });
  await send(page, 'My bicycle is green and hangs in the cellar, friend.');
  await page.getByTestId('routing-line').waitFor();
  await send(page, '/why');
  const record = page.locator('details.why[open]');
  await record.getByText('Rules looked at').waitFor();
  await record.getByText('Next would cost').waitFor();
  const found = page.getByRole('list', { name: 'Found' }).getByRole('listitem');
  await send(page, '/search green bicycle');
  await found.filter({ hasText: 'hangs in the cellar' }).first().waitFor();
  const hit = found.filter({ hasText: 'you' }).first();
  assert.deepEqual(await hit.locator('mark').allInnerTexts(), ['bicycle', 'green']);
  const answer = await found
    .filter({ hasText: 'answer' })
    .first()
    .locator('.passage')
    .textContent();
  assert.match(answer ?? '', /My bicycle is green/);
  assert.doesNotMatch(answer ?? '', /\*\*|^>/m, 'words, and no markdown');
  await hit.getByRole('link').click();
  await page.locator('.found', { hasText: 'My bicycle is green' }).waitFor();
  await page.close();
});

test('Ctrl+K and the button list the commands, and what was being written comes back', async () => {
  const page = await signedIn('hal');
  const field = page.getByRole('textbox', { name: 'Message' });
  const menu = page.getByRole('listbox', { name: 'Commands' });
  await field.fill('half a thought');
  await page.keyboard.press('Control+k');
  await menu.getByRole('option', { name: /^\/cost/ }).waitFor();
  await page.keyboard.type('help');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Commands and keys' }).getByText('/search').waitFor();
  await page.keyboard.press('Escape');
  assert.equal(await field.inputValue(), 'half a thought');
  await page.getByRole('button', { name: 'Commands' }).click();
  await menu.getByRole('option', { name: /^\/agent/ }).click();
  await menu.getByRole('option', { name: /coding-agent/ }).click();
  assert.equal(await field.inputValue(), '/agent coding-agent');
  await field.press('Enter');
  await page.getByRole('button', { name: 'Agent: coding-agent' }).waitFor();
  await send(page, 'hello');
  await page.getByTestId('routing-line').waitFor();
  await field.fill('half a thought');
  await page.keyboard.press('Control+k');
  await page.keyboard.type('fork');
  const path = new URL(page.url()).pathname;
  await page.keyboard.press('Enter');
  await page.getByText('This is a copy from here on').waitFor();
  assert.notEqual(new URL(page.url()).pathname, path);
  assert.equal(await field.inputValue(), 'half a thought', 'taken along');
  await send(page, '/quit');
  await page.getByText('/quit works in the terminal, not on the page.').waitFor();
  await page.close();
});

test('rules, costs and what is stored have pages of their own', async () => {
  const page = await signedIn('ida');
  await send(page, 'What is the capital of Chile?');
  await page.getByTestId('routing-line').waitFor();
  await send(page, '/cost');
  await page.getByText(/^This conversation: 1 answered/).waitFor();
  await page.getByRole('row', { name: /anthropic\/claude-haiku-4-5/ }).waitFor();
  await page.getByRole('link', { name: 'Rules' }).click();
  await page.getByText('code-complex').waitFor();
  assert.equal(await page.title(), 'Rules – Mosaic');
  await page.getByRole('link', { name: 'Storage' }).click();
  await page.getByText(/^1, [\d.]+ kB: in use$/).waitFor();
  assert.equal(await page.title(), 'Storage – Mosaic');
  await page.goBack();
  await page.goBack();
  await page.goBack();
  await send(page, '/storage restore');
  await page.getByText('This conversation is not cold: nothing to do.').waitFor();
  await page.close();
});
