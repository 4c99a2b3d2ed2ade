import type { ColumnType } from 'kysely';

/** Written as JSON text; read as what some version of Mosaic wrote, so it is checked. */
type Json = ColumnType<unknown, string, string>;

/** The part of the schema `providers` that belongs to no user: what all replicas saw last. */
export interface CatalogueTables {
  catalogue_seen: {
    provider: string;
    seen_at: ColumnType<Date, string, string>;
    models: Json;
    disagreements: Json;
  };
  catalogue_news: { id: number; news: Json };
}
