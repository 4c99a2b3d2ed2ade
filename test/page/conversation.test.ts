// What a person sees of a conversation on the page, over a whole Mosaic.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { waitFor } from '@mosaic/test-kit';
import { send, signedIn, stand, textOf, words } from './page-stand.ts';

test('signs in, streams an answer and shows the model and the reason under it', async () => {
  const page = await signedIn('ann');
  stand.mosaic.vendors.script({ vendor: 'anthropic', reply: words(30), holdAfter: 10 });
  await send(page, 'What is the capital of Australia?');
  await page.getByText('word3', { exact: false }).first().waitFor();
  assert.equal((await textOf(page)).includes('word29'), false);
  stand.mosaic.vendors.goOn();
  await page.getByText('word29', { exact: false }).first().waitFor();
  await page
    .getByText(/Claude Haiku 4\.5/)
    .first()
    .waitFor();
  assert.match(await textOf(page), /simple/);
  await page.getByRole('button', { name: 'New conversation' }).first().click();
  await page.getByText('One question, the right model.').waitFor();
  const field = page.getByRole('textbox', { name: 'Message' });
  assert.equal(await field.inputValue(), '', 'what was sent does not come back');
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
  await page
    .getByText(/pinned by you/)
    .first()
    .waitFor();
  const isAsked = ({ body }: { body?: unknown }) =>
    JSON.stringify((body as { messages?: unknown[] })?.messages?.at(-1) ?? '').includes(
      'my cat called',
    );
  const asked = await waitFor(() => stand.mosaic.vendors.journal.findLast(isAsked));
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
  stand.mosaic.vendors.script({ vendor: 'anthropic', reply: words(60), holdAfter: 30 });
  await send(page, 'Tell me sixty words, friend');
  await page.getByText('word5', { exact: false }).first().waitFor();
  await page.reload();
  await page.getByText('word5', { exact: false }).first().waitFor();
  stand.mosaic.vendors.goOn();
  await page.getByText('word59', { exact: false }).first().waitFor();
  await page
    .getByText(/Claude Sonnet 4\.6/)
    .first()
    .waitFor();
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
  await page.goto(stand.mosaic.url);
  await send(page, text);
  const asLearned = page.getByText(/data analysis \(1\.00, like “Take care of the usual/);
  await asLearned.first().waitFor();
  await page.getByRole('link', { name: 'Rules' }).click();
  await learned.getByRole('button', { name: /^Remove “Take care/ }).click();
  await learned.getByRole('button', { name: 'remove for good' }).click();
  await learned.waitFor({ state: 'detached' });
  await page.goto(stand.mosaic.url);
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
  await page.request.put(`${stand.mosaic.url}/api/preferences/routing.judge`, {
    data: { value: judge },
    headers: { origin: stand.mosaic.url },
  });
  const reply = JSON.stringify({ task: 'coding', complexity: 'complex' });
  stand.mosaic.vendors.script({ vendor: 'anthropic', model: 'claude-haiku-4-5', reply });
  await page.goto(stand.mosaic.url);
  await send(page, 'Take the second of these and go through it');
  await page.getByTestId('routing-line').waitFor();
  await send(page, '/why');
  await fact('Judged')
    .getByText(/claude-haiku-4-5.*coding/)
    .waitFor();
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
  assert.ok(stand.mosaic.vendors.journal.some(({ body }) => JSON.stringify(body).includes(whole)));
  const conversationId = new URL(page.url()).pathname.split('/').at(-1);
  const reply = await page.request.get(
    `${stand.mosaic.url}/api/conversations/${conversationId}/messages`,
  );
  const { messages } = await reply.json();
  const replayed = await page.request.post(`${stand.mosaic.url}/api/routing/replay-turn`, {
    data: { conversationId, messageId: messages[0].id },
    headers: { origin: stand.mosaic.url },
  });
  const { isSame, stored } = await replayed.json();
  assert.ok(isSame && stored.profile.promptTokens > 90_000, `${stored.profile.promptTokens}`);
  await page.close();
});
