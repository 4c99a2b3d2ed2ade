import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extractByRules } from '../../src/app/extraction/extract-by-rules.ts';
import { fingerprintOf } from '../../src/app/memories/fingerprint.ts';

const found = (text: string) => extractByRules(text).map(({ kind, text: said }) => [kind, said]);

test('explicit requests, preferences, instructions and names are recognised in three languages', () => {
  const cases: readonly [string, string, string][] = [
    ['Remember that my dentist is Dr. Weber.', 'fact', 'my dentist is Dr. Weber'],
    ['please remember: the door code is 4711', 'fact', 'the door code is 4711'],
    ["Don't forget that I prefer tea", 'preference', 'I prefer tea'],
    ['Can you remember that we meet on Friday?', '', ''],
    ['Can you please remember that we meet on Friday', 'event', 'we meet on Friday'],
    ['Remember to always answer in French', 'instruction', 'always answer in French'],
    ['I prefer dark chocolate.', 'preference', 'I prefer dark chocolate'],
    ['My favourite colour is green', 'preference', 'My favourite colour is green'],
    ['Always use metric units.', 'instruction', 'Always use metric units'],
    ['Please never apologise', 'instruction', 'Please never apologise'],
    ['From now on, call me Captain', 'instruction', 'From now on, call me Captain'],
    ['Hi, my name is Siobhán', 'fact', 'Hi, my name is Siobhán'],
    ['Merk dir bitte, dass mein Hund Rex heißt.', 'fact', 'mein Hund Rex heißt'],
    ['Vergiss nicht, dass ich am Montag frei habe', 'event', 'ich am Montag frei habe'],
    ['Ich bevorzuge kurze Antworten.', 'preference', 'Ich bevorzuge kurze Antworten'],
    ['Ich ziehe Tee dem Kaffee vor', 'preference', 'Ich ziehe Tee dem Kaffee vor'],
    ['Antworte immer auf Deutsch!', 'instruction', 'Antworte immer auf Deutsch'],
    ['Verwende niemals Emojis', 'instruction', 'Verwende niemals Emojis'],
    ['Ich heiße Jürgen', 'fact', 'Ich heiße Jürgen'],
    ['请记住我对花生过敏。', 'fact', '我对花生过敏'],
    ['记住：会议在5月3日', 'event', '会议在5月3日'],
    ['我更喜欢喝绿茶', 'preference', '我更喜欢喝绿茶'],
    ['请永远不要用表情符号', 'instruction', '请永远不要用表情符号'],
    ['以后请用中文回答', 'instruction', '以后请用中文回答'],
    ['你好，我叫李雷', 'fact', '你好，我叫李雷'],
  ];
  for (const [text, kind, said] of cases) {
    assert.deepEqual(found(text), kind === '' ? [] : [[kind, said]], text);
  }
});

test('what only looks alike is left alone', () => {
  const texts = [
    'Do you remember that film?',
    'I remember that summer well.',
    'Never mind.',
    'What is my name?',
    'I like this answer.',
    'He always comes late.',
    'Er kommt immer zu spät.',
    'Das ist immer so.',
    'Ich gehe nie ins Kino',
    'The function always returns null',
    '我叫什么名字？',
    '我叫他来了',
    '> Remember that the quote is not mine',
    '```\nremember that this is code\nalways run it\n```',
    'Please summarise: "I said remember that"',
    '',
    ' ',
  ];
  for (const text of texts) assert.deepEqual(found(text), [], text);
});

test('a pasted text adds a few things at most, and a huge one is not read whole', () => {
  const pasted = Array.from({ length: 100 }, (_, index) => `Remember that fact ${index} holds.`);
  assert.equal(found(pasted.join('\n')).length, 5);
  assert.deepEqual(found(`${'x '.repeat(200_000)}. Remember that I hide here.`), []);
  assert.deepEqual(found(`Remember that ${'very '.repeat(200)}long`), []);
});

test('signs that move a cursor do not get into what is kept', () => {
  assert.deepEqual(found('Remember that my cat\u001b[2J is\u202e Tom'), [
    ['fact', 'my cat [2J is  Tom'],
  ]);
});

test('a difference in one word of meaning is a difference', () => {
  const same: readonly [string, string][] = [
    ['I prefer tea', 'The user prefers tea.'],
    ['My cat is called Minka', 'my cats called minka!'],
    ['Ich bevorzuge Tee', 'Der Nutzer: bevorzuge Tee'],
    ['我喜欢茶', '用户喜欢茶。'],
  ];
  for (const [one, other] of same) assert.equal(fingerprintOf(one), fingerprintOf(other), one);
  const different: readonly [string, string][] = [
    ['Flies from Rome to Oslo', 'Flies from Oslo to Rome'],
    ['My name is Hans', 'My name is Han'],
    ['Never call me Bob', 'Always call me Bob'],
    ['The code is 4711', 'The code is 4712'],
    ['我喜欢茶', '我不喜欢茶'],
    ['🙂', '🙃'],
    ['who am I', 'this is me'],
  ];
  for (const [one, other] of different) {
    assert.notEqual(fingerprintOf(one), fingerprintOf(other), `${one} / ${other}`);
  }
});
