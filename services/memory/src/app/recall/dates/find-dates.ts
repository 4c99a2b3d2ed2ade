import { type DateRange, dayMs, dayOf, monthOf, weekOf, yearOf } from './date-range.ts';

/** Months in the languages whose names for them are most often met; the number is the place. */
const monthNames = [
  'january|jan|januar|janvier|enero|gennaio|janeiro',
  'february|feb|februar|février|fevrier|febrero|febbraio|fevereiro',
  'march|mar|märz|mars|marzo|março',
  'april|apr|avril|abril|aprile',
  'may|mai|mayo|maggio|maio',
  'june|jun|juni|juin|junio|giugno|junho',
  'july|jul|juli|juillet|julio|luglio|julho',
  'august|aug|août|aout|agosto',
  'september|sept|sep|septembre|septiembre|settembre|setembro',
  'october|oct|oktober|octobre|octubre|ottobre|outubro',
  'november|nov|novembre|noviembre|novembro',
  'december|dec|dezember|décembre|decembre|diciembre|dicembre|dezembro',
].map((names) => names.split('|'));
const months = new Map(monthNames.flatMap((names, month) => names.map((name) => [name, month])));
const month = `(${[...months.keys()].join('|')})\\.?`;

const weekdayNames = [
  'monday|mon|montag|lundi|lunes',
  'tuesday|tue|tues|dienstag|mardi|martes',
  'wednesday|wed|mittwoch|mercredi|miércoles',
  'thursday|thu|thurs|donnerstag|jeudi|jueves',
  'friday|fri|freitag|vendredi|viernes',
  'saturday|sat|samstag|samedi|sábado',
  'sunday|sun|sonntag|dimanche|domingo',
].map((names) => names.split('|'));
const weekdays = new Map(weekdayNames.flatMap((names, day) => names.map((name) => [name, day])));
const weekday = `(${[...weekdays.keys()].join('|')})`;

const numbers: Readonly<Record<string, number>> = {
  ...{ a: 1, an: 1, one: 1, two: 2, three: 3, four: 4, five: 5, six: 6, seven: 7, eight: 8 },
  ...{ nine: 9, ten: 10, eleven: 11, twelve: 12, few: 3, 'a few': 3, several: 4, 'a couple of': 2 },
  ...{ couple: 2, ein: 1, eine: 1, einem: 1, einer: 1, zwei: 2, drei: 3, vier: 4, fünf: 5 },
};
const number = `(\\d{1,3}|${Object.keys(numbers)
  .sort((left, right) => right.length - left.length)
  .join('|')})`;
const last = '(?:last|past|previous|letzten|letzte|letzter|letztes|vorigen|vorige)';
const next = '(?:next|nächsten|nächste|nächstes|coming)';

type Found = readonly (string | undefined)[];
type ToRange = (found: Found, anchorMs: number) => DateRange | undefined;

const yearIn = (ms: number) => new Date(ms).getUTCFullYear();
const monthIn = (ms: number) => new Date(ms).getUTCMonth();
const numberOf = (text = '') => numbers[text] ?? Number(text);
const monthNumber = (text = '') => months.get(text) ?? 0;

function exactDay(year: number, monthAt: number, day: number): DateRange | undefined {
  const ms = Date.UTC(year, monthAt, day);
  return new Date(ms).getUTCMonth() === monthAt ? dayOf(ms) : undefined;
}

/** Without a year: the nearest one; what is told has happened, as a rule. */
function nearestYear(monthAt: number, anchorMs: number): number {
  return monthAt > monthIn(anchorMs) + 1 ? yearIn(anchorMs) - 1 : yearIn(anchorMs);
}

function dayInMonth(day: string | undefined, name: string | undefined, year: string | undefined) {
  return (anchorMs: number) => {
    const at = monthNumber(name);
    return exactDay(year ? Number(year) : nearestYear(at, anchorMs), at, Number(day));
  };
}

function weekdayNear(name: string | undefined, anchorMs: number, direction: -1 | 0 | 1): DateRange {
  const wanted = weekdays.get(name ?? '') ?? 0;
  const today = dayOf(anchorMs).from;
  const monday = weekOf(anchorMs).from;
  const thisWeek = monday + wanted * dayMs;
  if (direction === 1) return dayOf(thisWeek > today ? thisWeek : thisWeek + 7 * dayMs);
  return dayOf(thisWeek < today ? thisWeek : thisWeek - 7 * dayMs);
}

const units: Readonly<Record<string, (anchorMs: number, count: number) => DateRange>> = {
  day: (ms, count) => dayOf(ms + count * dayMs),
  week: (ms, count) => weekOf(ms, count),
  month: (ms, count) => monthOf(yearIn(ms), monthIn(ms) + count),
  year: (ms, count) => yearOf(yearIn(ms) + count),
  weekend: (ms, count) => {
    const { to } = weekOf(ms, count);
    return { from: to - 2 * dayMs, to };
  },
};
const unit = '(day|week|weekend|month|year|tag|woche|wochenende|monat|jahr)(?:s|e|en|n)?';
const german: Readonly<Record<string, string>> = {
  ...{ tag: 'day', woche: 'week', wochenende: 'weekend', monat: 'month', jahr: 'year' },
};

function away(name: string | undefined, anchorMs: number, count: number): DateRange | undefined {
  const key = german[name ?? ''] ?? name ?? '';
  return units[key]?.(anchorMs, count);
}

/** In this order: what an earlier pattern has taken is not read again by a later one. */
const patterns: readonly (readonly [string, ToRange])[] = [
  ['(\\d{4})-(\\d{2})-(\\d{2})', ([, y, m, d]) => exactDay(Number(y), Number(m) - 1, Number(d))],
  [
    '(\\d{4})年(\\d{1,2})月(\\d{1,2})日',
    ([, y, m, d]) => exactDay(Number(y), Number(m) - 1, Number(d)),
  ],
  [
    '(\\d{1,2})\\.(\\d{1,2})\\.(\\d{4})',
    ([, d, m, y]) => exactDay(Number(y), Number(m) - 1, Number(d)),
  ],
  [
    `(\\d{1,2})(?:st|nd|rd|th|\\.)?\\s+(?:of\\s+|de\\s+)?${month}(?:,?\\s+(?:de\\s+)?(\\d{4}))?`,
    ([, d, m, y], ms) => dayInMonth(d, m, y)(ms),
  ],
  [
    `${month}\\s+(\\d{1,2})(?:st|nd|rd|th)?(?:,?\\s+(\\d{4}))?(?!\\d)`,
    ([, m, d, y], ms) => dayInMonth(d, m, y)(ms),
  ],
  [`${month},?\\s+(?:of\\s+|de\\s+)?(\\d{4})`, ([, m, y]) => monthOf(Number(y), monthNumber(m))],
  [
    `${last}\\s+${month}`,
    ([, m], ms) => {
      const at = monthNumber(m);
      return monthOf(at < monthIn(ms) ? yearIn(ms) : yearIn(ms) - 1, at);
    },
  ],
  [
    `${next}\\s+${month}`,
    ([, m], ms) => {
      const at = monthNumber(m);
      return monthOf(at > monthIn(ms) ? yearIn(ms) : yearIn(ms) + 1, at);
    },
  ],
  [
    `${number}\\s+${unit}\\s+(?:ago|earlier|before|back)`,
    ([, n, u], ms) => away(u, ms, -numberOf(n)),
  ],
  [`vor\\s+${number}\\s+${unit}`, ([, n, u], ms) => away(u, ms, -numberOf(n))],
  [`in\\s+${number}\\s+${unit}`, ([, n, u], ms) => away(u, ms, numberOf(n))],
  [`${last}\\s+${unit}`, ([, u], ms) => away(u, ms, -1)],
  [`${next}\\s+${unit}`, ([, u], ms) => away(u, ms, 1)],
  [`(?:this|diese[nrsm]?)\\s+${unit}`, ([, u], ms) => away(u, ms, 0)],
  [`${last}\\s+${weekday}`, ([, w], ms) => weekdayNear(w, ms, -1)],
  [`${next}\\s+${weekday}`, ([, w], ms) => weekdayNear(w, ms, 1)],
  [`(?:last night|yesterday|gestern|ayer)`, (_, ms) => dayOf(ms - dayMs)],
  ['(?:today|tonight|this morning|heute|hoy)', (_, ms) => dayOf(ms)],
  ['(?:tomorrow|morgen(?= (?:früh|abend)))', (_, ms) => dayOf(ms + dayMs)],
  ['昨天|昨日', (_, ms) => dayOf(ms - dayMs)],
  ['今天|今日', (_, ms) => dayOf(ms)],
  ['明天|明日', (_, ms) => dayOf(ms + dayMs)],
  ['上周|上星期|先週', (_, ms) => weekOf(ms, -1)],
  ['上个月|先月', (_, ms) => monthOf(yearIn(ms), monthIn(ms) - 1)],
  ['去年|昨年', (_, ms) => yearOf(yearIn(ms) - 1)],
  [
    `(?:the other day|recently|lately|neulich|kürzlich)`,
    (_, ms) => ({ from: ms - 14 * dayMs, to: ms }),
  ],
  [
    `(?:in|during|since|by|of|im|en)\\s+${month}`,
    ([, m], ms) => {
      const at = monthNumber(m);
      return monthOf(nearestYear(at, ms), at);
    },
  ],
  [`(?:on|am)\\s+${weekday}`, ([, w], ms) => weekdayNear(w, ms, 0)],
  ['(?:in|during|since|of|by|from|year)\\s+((?:19|20)\\d{2})', ([, y]) => yearOf(Number(y))],
];

const unspaced = /[\p{Script=Han}]/u;
const compiled = patterns.map(([source, toRange]) => {
  // Chinese and Japanese put nothing between words.
  const bounded = unspaced.test(source) ? source : `(?<![\\p{L}\\p{N}])${source}(?![\\p{L}\\p{N}])`;
  return [new RegExp(bounded, 'giu'), toRange] as const;
});
/** One look that tells most texts apart from those with a date. */
const anyHint =
  /\d|yester|today|tonight|tomorrow|morning|last|past|next|ago|week|month|year|days?\b|recent|lately|gestern|heute|morgen|vor |letzt|nächst|kürz|neulich|ayer|hoy|hier|[昨今明年上先去]|jan|feb|mar|mär|apr|may|mai|jun|jul|aug|août|ago|sep|set|oct|okt|out|nov|dec|dez|dic|mon|tue|wed|thu|fri|sat|sun|tag\b/iu;

/**
 * The times that a text names, as a reader understands them who reads it at `anchorMs`: "last May",
 * "two weeks ago", "on 7 May 2023". What is not understood is left out.
 */
export function findDates(text: string, anchorMs: number): readonly DateRange[] {
  if (!anyHint.test(text)) return [];
  const ranges: DateRange[] = [];
  let rest = text.toLowerCase();
  for (const [pattern, toRange] of compiled) {
    rest = rest.replace(pattern, (...found) => {
      const range = toRange(found.slice(0, -2), anchorMs);
      if (range !== undefined && Number.isFinite(range.from)) ranges.push(range);
      return range === undefined ? found[0] : ' ';
    });
  }
  return ranges;
}
