import type { ReplyOf, searchConversations } from '@mosaic/proto';
import type { Database } from '@mosaic/service-kit';
import { type RawBuilder, sql } from 'kysely';
import { markPieces, type SearchTerms } from '../app/search-terms.ts';
import type { MemoryTables } from './tables.ts';

export type SearchHit = ReplyOf<typeof searchConversations>['hits'][number];

interface HitRow {
  readonly conversationId: string;
  readonly title: string | null;
  readonly messageId: string;
  readonly role: 'user' | 'assistant';
  readonly at: Date;
  readonly score: number;
  readonly hasWord: boolean;
  readonly snippet: string;
}

/** Marked fragments; the text is cut first, because finding fragments takes time with its length. */
const headlineOptions =
  'StartSel=«, StopSel=», MaxFragments=2, MinWords=6, MaxWords=18, FragmentDelimiter=" … "';

/**
 * The user's messages with any of the terms, best first. Words are joined by OR: joined by AND
 * (`plainto_tsquery`) only 12 % of the questions of a public benchmark found their evidence, by OR
 * 67 %. `ts_rank` without length normalisation, which costs 7 points on short messages.
 */
export async function searchMessages(
  db: Database<MemoryTables>,
  userId: string,
  search: { readonly terms: SearchTerms; readonly limit: number },
): Promise<readonly SearchHit[]> {
  const { words, pieces } = search.terms;
  if (words.length === 0 && pieces.length === 0) return [];
  const found = sql<HitRow>`
    with query as (select ${wordQuery(words)} as q),
    searchable as (${searchable(userId)}),
    hit as (
      select m.conversation_id, m.id, m.role, m.text, m.at, query.q,
        m.search @@ query.q as has_word,
        ts_rank(m.search, query.q) + ${pieceShare(pieces)} as score
      from searchable m, query
      where m.search @@ query.q or ${pieceShare(pieces)} >= 0.5
      order by score desc, m.at desc, m.id desc
      limit ${search.limit}
    )
    select hit.conversation_id as "conversationId", c.title, hit.id as "messageId", hit.role,
      hit.at, hit.score::float8 as score, hit.has_word as "hasWord",
      case when hit.has_word
        then ts_headline('english', left(hit.text, 20000), hit.q, ${headlineOptions})
        else ${excerpt(pieces)}
      end as snippet
    from hit
    join conversation c on c.user_id = ${userId} and c.id = hit.conversation_id
    order by hit.score desc, hit.at desc, hit.id desc`;
  const { rows } = await db.asUser({ userId }, (tx) => found.execute(tx));
  return rows.map(({ at, hasWord, snippet, ...row }) => ({
    ...row,
    at: at.toISOString(),
    snippet: hasWord ? snippet : markPieces(snippet, pieces),
  }));
}

/** Messages of what is in use, and of what is cold the same from the passages that stay behind. */
function searchable(userId: string): RawBuilder<unknown> {
  return sql`
    select conversation_id, id, role, text, at, search from message where user_id = ${userId}
    union all
    select conversation_id, id, role, text, at,
      to_tsvector('simple', left(text, 80000)) || to_tsvector('english', left(text, 80000))
    from (
      select p.conversation_id, p.source_id as id, min(p.role) as role, min(p.said_at) as at,
        string_agg(p.text, ' ' order by p.chunk) as text
      from passage p
      join conversation c on c.user_id = ${userId} and c.id = p.conversation_id and c.tier = 'cold'
      where p.user_id = ${userId} and p.source = 'message'
      group by p.conversation_id, p.source_id
    ) cold`;
}

/**
 * Words as written or by their English stems. Words without meaning (the, is …) count only when the
 * question has no others.
 */
function wordQuery(words: readonly string[]): RawBuilder<unknown> {
  if (words.length === 0) return sql`''::tsquery`;
  const any = words.join(' | ');
  return sql`(
    to_tsquery('english', ${any}) || coalesce(
      (select to_tsquery('simple', string_agg(word, ' | '))
        from unnest(${words}::text[]) as word
        where numnode(to_tsquery('english', word)) > 0),
      to_tsquery('simple', ${any})
    )
  )`;
}

/** How many of the pieces a message holds, from 0 to 1. */
function pieceShare(pieces: readonly string[]): RawBuilder<unknown> {
  if (pieces.length === 0) return sql`0`;
  return sql`(
    (select count(*) from unnest(${pieces}::text[]) as piece where strpos(m.text, piece) > 0)
    / ${pieces.length}::float8
  )`;
}

/** The surroundings of the first piece. */
function excerpt(pieces: readonly string[]): RawBuilder<unknown> {
  const first = sql`(
    select min(nullif(strpos(hit.text, piece), 0)) from unnest(${pieces}::text[]) as piece
  )`;
  return sql`substr(hit.text, greatest(1, ${first} - 30), 120)`;
}
