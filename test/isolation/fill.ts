import assert from 'node:assert/strict';
import type { Person, Reply } from '../person.ts';
import type { Loot } from './probes.ts';

export const canary = 'canary-bob-7f3a';

/** The body of a good answer. */
export async function made(reply: Promise<Reply>): Promise<Reply['body']> {
  const { body, status } = await reply;
  assert.ok(status < 300, JSON.stringify(body));
  return body;
}

/** Gives somebody something of everything, each with the canary in it. */
export async function fill(who: Person): Promise<Loot> {
  const { request } = who;
  const conversationId = await who.open({ title: `${canary} title` });
  await who.say(conversationId, `Remember that my secret is ${canary}. What is 2 + 2?`);
  await made(request('PATCH', `/api/conversations/${conversationId}`, { tags: [canary] }));
  const { messages } = await made(request('GET', `/api/conversations/${conversationId}/messages`));
  const wish = { text: `Likes ${canary}`, kind: 'preference' };
  const memory = await made(request('POST', '/api/memory', wish));
  await made(request('PUT', '/api/preferences/canary.key', { value: canary }));
  const rule = { name: canary, when: [], then: { model: 'gpt-5.4' }, enabled: false };
  const { id: ruleId } = await made(request('POST', '/api/routing/rules', rule));
  const { id: keyId } = await made(request('POST', '/api/keys', { name: canary }));
  const { id: userId } = await made(request('GET', '/api/me'));
  const agent = { name: 'agent-of-bob', description: canary, systemPrompt: canary };
  await made(request('POST', '/api/agents', agent));
  return {
    userId,
    conversationId,
    messageId: messages[0].id,
    memoryId: memory.id,
    ruleId,
    keyId,
    preferenceKey: 'canary.key',
    agentName: agent.name,
    twinId: await who.open({ title: `${canary} twin` }),
    lureId: await who.open({ title: `${canary} lure` }),
    ...(await teach(who, { conversationId, messageId: messages[0].id })),
  };
}

/** Says of two messages that they were something else: one offer stays, one is accepted. */
async function teach(
  { request, say }: Person,
  about: { readonly conversationId: string; readonly messageId: string },
) {
  const correct = async (messageId: string, task: string) => {
    const given = { ...about, messageId, kind: 'task', task };
    return (await made(request('POST', '/api/routing/feedback', given))).suggestions[0].id;
  };
  const accepted = await correct(about.messageId, 'coding');
  await made(request('POST', `/api/routing/suggestions/${accepted}/accept`, {}));
  const { exemplars } = await made(request('GET', '/api/routing/exemplars'));
  await say(about.conversationId, `Is ${canary} a word of Latin or of Greek?`);
  const path = `/api/conversations/${about.conversationId}/messages`;
  const { messages } = await made(request('GET', path));
  const second = messages.findLast(({ role }: { role: string }) => role === 'user');
  return {
    exemplarId: exemplars[0].id,
    suggestionId: await correct(second.id, 'research'),
  };
}
