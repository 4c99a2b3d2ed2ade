import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findDates } from '../../src/app/recall/dates/find-dates.ts';
import { markWords } from '../../src/app/recall/pack/mark-words.ts';
import { cutText } from '../../src/app/recall/text/cut-text.ts';
import { detectLanguage } from '../../src/app/recall/text/detect-language.ts';
import { splitWords } from '../../src/app/recall/text/split-words.ts';
import { stemWord } from '../../src/app/recall/text/stemmers.ts';

const words = (text: string) => splitWords(text).map(({ word }) => word);

test('a long text is cut at its sentences into pieces of some eighty words, and nothing is lost', () => {
  const sentence = 'The heron stands by the quiet water and waits for a fish. ';
  const cases = [
    sentence.repeat(40),
    `# Plan\n\n${'- one more line of a list that goes on\n'.repeat(60)}`,
    'word '.repeat(900),
    '我昨天去了图书馆，借了三本书。'.repeat(60),
    'x'.repeat(50_000),
  ];
  for (const text of cases) {
    const pieces = cutText(text);
    const plain = (one: string) => one.replaceAll(/\s+/g, '');
    assert.equal(plain(pieces.join('')), plain(text));
    for (const piece of pieces) assert.ok(splitWords(piece).length <= 260, piece.slice(0, 60));
  }
  assert.equal(cutText(sentence.repeat(40)).length, 7);
  assert.deepEqual(cutText('Short.'), ['Short.']);
  assert.deepEqual(cutText(' \n '), []);
});

test('the language of a text is told from its script or its small words', () => {
  const cases: readonly [string, string][] = [
    ['Where did I put the keys?', 'en'],
    ['Ich habe gestern meine Schlüssel verloren.', 'de'],
    ['Où est la maison de ma grand-mère ?', 'fr'],
    ['¿Dónde vive mi hermana?', 'es'],
    ['Där bor jag inte längre, men det är fint.', 'sv'],
    ['Моя собака любит гулять.', 'ru'],
    ['Мій брат живе у Києві.', 'uk'],
    ['我昨天在北京学习机器学习。', 'zh'],
    ['昨日は図書館に行きました。', 'ja'],
    ['어제 도서관에 갔어요.', 'ko'],
    ['Tell Сергей that I called him, and that the meeting is on Monday.', 'en'],
    ['42', 'und'],
  ];
  for (const [text, language] of cases) assert.equal(detectLanguage(text), language, text);
});

test('forms of a word meet in their stem, in each language', () => {
  const cases: readonly [string, string, string][] = [
    ['en', 'painted', 'paintings'],
    ['en', 'went', 'going'],
    ['de', 'katzen', 'katze'],
    ['fr', 'maisons', 'maison'],
    ['es', 'perros', 'perro'],
    ['ru', 'собаку', 'собака'],
    ['pl', 'komputerami', 'komputera'],
  ];
  for (const [language, one, other] of cases) {
    assert.equal(stemWord(one, language), stemWord(other, language), `${one} ${other}`);
  }
  assert.notEqual(stemWord('violin', 'en'), stemWord('violet', 'en'));
});

test('words are cut out of any script, with their places', () => {
  assert.deepEqual(words("Greta's violin, don't touch!"), ['greta', 'violin', 'dont', 'touch']);
  assert.deepEqual(
    words("l'hôtel de l’Europe"),
    ['hôtel', 'de', 'europe'].toSpliced(0, 0, 'l').toSpliced(3, 0, 'l'),
  );
  assert.deepEqual(words('水'), ['水']);
  assert.deepEqual(words('学习GPT'), ['学', '学习', '习', 'gpt']);
  assert.deepEqual(words('図書館'), ['図', '図書', '書', '書館', '館']);
  const text = 'Ja, die Übung 42';
  for (const { word, at, length } of splitWords(text)) {
    assert.equal(text.slice(at, at + length).toLowerCase(), word);
  }
});

test('dates are understood from where the reader stands', () => {
  // A Wednesday.
  const now = Date.UTC(2026, 10, 25, 15);
  const day = (text: string) => new Date(text).getTime();
  const cases: readonly [string, string, string][] = [
    ['on 7 May 2023', '2023-05-07', '2023-05-08'],
    ['May 7th, 2023', '2023-05-07', '2023-05-08'],
    ['2023-05-07', '2023-05-07', '2023-05-08'],
    ['am 7.5.2023', '2023-05-07', '2023-05-08'],
    ['in May 2023', '2023-05-01', '2023-06-01'],
    ['last May', '2026-05-01', '2026-06-01'],
    ['last December', '2025-12-01', '2026-01-01'],
    ['two weeks ago', '2026-11-09', '2026-11-16'],
    ['3 days ago', '2026-11-22', '2026-11-23'],
    ['a month ago', '2026-10-01', '2026-11-01'],
    ['last year', '2025-01-01', '2026-01-01'],
    ['yesterday', '2026-11-24', '2026-11-25'],
    ['last Friday', '2026-11-20', '2026-11-21'],
    ['next week', '2026-11-30', '2026-12-07'],
    ['vor zwei Wochen', '2026-11-09', '2026-11-16'],
    ['我昨天去了', '2026-11-24', '2026-11-25'],
    ['in 2022', '2022-01-01', '2023-01-01'],
  ];
  for (const [text, from, to] of cases) {
    assert.deepEqual(findDates(text, now), [{ from: day(from), to: day(to) }], text);
  }
  for (const text of ['you may go', 'version 2.10.3', 'march on!']) {
    assert.deepEqual(findDates(text, now), [], text);
  }
});

test('found words are marked in every form, in the part of the text where most of them stand', () => {
  const question = {
    words: ['play', 'violin'].map((word) => ({ word, terms: [], idf: 1, isName: false })),
  };
  const asked = {
    ...question,
    dates: [],
    speakers: new Set<string>(),
    meaning: null,
    asks: {} as never,
  };
  assert.equal(markWords('She plays the violin.', 'en', asked), 'She «plays» the «violin».');
  const long = `${'Nothing of it here. '.repeat(40)}He played a violin. ${'And on. '.repeat(40)}`;
  const marked = markWords(long, 'en', asked);
  assert.match(marked, /^… .*He «played» a «violin»\..* …$/);
  assert.ok(marked.length < 260);
});
