import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { ConversationLog } from './server/conversation-log.ts';
import { withOpenPage } from './server/open-page.ts';

describe('the page around a conversation in Chromium', () => {
  const opened = withOpenPage();

  it('signs in with e-mail and password, and says so when they are wrong', async () => {
    const { field, page, server } = opened();
    await page.goto(server.url);
    await page.getByLabel('E-mail').fill('ana@example.org');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText('Invalid e-mail or password').waitFor();
    await page.getByLabel('Password').fill('correct horse');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await field.waitFor();
    await page.getByText('Ana', { exact: true }).waitFor();
    await page.reload();
    await field.waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('E-mail').waitFor();
  });

  it('takes the owner token from the link and out of the address', async () => {
    const { enter, field, page, server } = opened();
    await enter();
    await field.waitFor();
    assert.equal(page.url(), `${server.url}/`);
    await page.getByText('answers are simulated').waitFor();
  });

  it('says so when the token of a link is not accepted', async () => {
    const { page, server } = opened();
    await page.goto(`${server.url}/#token=wrong`);
    await page.getByText('The token of this link is not accepted.').waitFor();
  });

  it('pins a model for the conversation, and the next answer says who pinned it', async () => {
    const { enter, page, routingLine, say } = opened();
    await enter();
    await say('hello');
    await routingLine.waitFor();
    await page.getByRole('button', { name: 'Model: Auto' }).click();
    await page.getByText('no key: set ZAI_API_KEY').waitFor();
    await page.keyboard.type('gpt');
    const patch = page.waitForRequest((request) => request.method() === 'PATCH');
    await page.keyboard.press('Enter');
    assert.deepEqual((await patch).postDataJSON(), { model: 'openai/gpt-5.4' });
    await page.getByRole('button', { name: 'Model: gpt-5.4' }).waitFor();
    await say('and now');
    await routingLine.nth(1).getByText('pinned by you').waitFor();
  });

  it('does not send while an input method puts characters together', async () => {
    const { enter, field, page } = opened();
    await enter();
    await field.fill('に');
    await field.dispatchEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true });
    assert.equal(await page.locator('.user-message').count(), 0);
    await field.press('Enter');
    await page.locator('.user-message').waitFor();
  });

  it('finds, renames and deletes conversations', async () => {
    const { enter, page, routingLine, say } = opened();
    await enter();
    await say('a talk about otters');
    await routingLine.waitFor();
    await page.getByRole('searchbox').fill('otters');
    await page.locator('.snippet mark').getByText('otters').waitFor();
    await page.getByRole('searchbox').fill('');
    await page.getByRole('button', { name: /^Rename/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('textbox', { name: 'Title' }).fill('Otters');
    await page.keyboard.press('Enter');
    await page.getByRole('link', { name: /Otters/ }).waitFor();
    await page.getByRole('button', { name: 'Delete Otters' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'delete', exact: true }).click();
    await page.getByText('One question, the right model.').waitFor();
    assert.equal(await page.getByRole('link', { name: /Otters/ }).count(), 0);
  });

  it('fits a phone: nothing is wider than the screen and the list is a drawer', async () => {
    const { enter, page, routingLine, say } = opened();
    await page.setViewportSize({ width: 390, height: 844 });
    await enter();
    await say('write 8 lines');
    await routingLine.waitFor();
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(width, 390);
    assert.equal(await page.getByRole('searchbox').isVisible(), false);
    await page.getByRole('button', { name: 'Conversations' }).click();
    await page.getByRole('searchbox').waitFor();
    await page.getByRole('link', { name: /write 8 lines/ }).click();
    await page.getByRole('searchbox').waitFor({ state: 'hidden' });
  });

  it('opens an account and is signed in with it', async () => {
    const { field, page, server } = opened();
    await page.goto(server.url);
    await page.getByRole('button', { name: 'Create an account' }).click();
    await page.getByLabel('Name').fill('Bo');
    await page.getByLabel('E-mail').fill('bo@example.org');
    await page.getByLabel('Password').fill('another horse');
    await page.getByRole('button', { name: 'Create account' }).click();
    await field.waitFor();
  });
});

describe('what is long, in Chromium', () => {
  const opened = withOpenPage();

  it('paints the end of a long conversation first and earlier messages on the way up', async () => {
    const { enter, field, page, server } = opened();
    const log = new ConversationLog('long');
    server.conversations.set('long', log);
    log.log.append({
      type: 'conversation.created',
      title: 'Long',
      agent: 'assistant',
      model: null,
    });
    for (let index = 0; index < 300; index += 1) log.appendAnswered(index);
    await enter();
    await field.waitFor();
    await page.getByRole('link', { name: /Long/ }).click();
    await page.getByText('question 299', { exact: true }).waitFor();
    const shown = () => page.locator('.message').count();
    assert.ok((await shown()) <= 60, 'only the last screens are in the page');
    await page.locator('.scroller').evaluate((box) => {
      box.scrollTop = 0;
    });
    await page.waitForFunction(() => document.querySelectorAll('.message').length > 60);
    await page.goto('about:blank');
    const sought = log.view.messages.find(
      (one) => one.role === 'user' && one.text === 'question 9',
    );
    await page.goto(`${server.url}/c/long#message-${sought?.id}`);
    await page.locator('.found').getByText('question 9', { exact: true }).waitFor();
    assert.ok((await shown()) <= 60, 'nor is all that lies behind a message that is gone to');
    await page.getByRole('button', { name: 'to the end' }).click();
    await page.getByText('question 299', { exact: true }).waitFor();
    assert.ok((await shown()) <= 60);
  });

  it('keeps a long paste beside the field, says how much is too long, and sends it whole', async () => {
    const { enter, field, page, server } = opened();
    await enter();
    const paste = (text: string) =>
      field.evaluate((element, pasted) => {
        const clipboardData = new DataTransfer();
        clipboardData.setData('text/plain', pasted);
        const how = { clipboardData, bubbles: true, cancelable: true };
        element.dispatchEvent(new ClipboardEvent('paste', how));
      }, text);
    const log = 'ERROR in line\n'.repeat(5_000);
    await field.fill('What is wrong?');
    await paste('x'.repeat(1_048_576));
    await page.getByText('648,592 characters too long: a message may have 400,000.').waitFor();
    assert.equal(await page.getByRole('button', { name: 'Send' }).isDisabled(), true);
    await page.getByRole('button', { name: 'Take out the pasted 1 line' }).click();
    await paste(log);
    await page.reload();
    await page.getByText('pasted: 5,001 lines, 70,000 characters').waitFor();
    await field.press('Enter');
    await page.getByRole('button', { name: /^show all/ }).waitFor();
    assert.equal(await page.getByRole('list', { name: 'Pasted' }).count(), 0);
    const [asked] = [...server.conversations.values()].flatMap(({ view }) => view.messages);
    assert.equal(asked?.role === 'user' && asked.text, `What is wrong?\n\n${log.trim()}`);
  });
});
