import pg from 'pg';

/**
 * How column values become JavaScript's, for our own queries only (pg's global table stays as it is, pg-boss counts on
 * it): instants are epoch milliseconds, eight-byte integers are numbers, lists of both likewise.
 */
export const columnTypes: pg.CustomTypesConfig = {
  getTypeParser(oid: TypeId, format?: 'text' | 'binary') {
    const base: (value: string) => unknown = pg.types.getTypeParser(oid, 'text');
    const kind: number = oid;
    switch (kind) {
      case INT8:
        return toSafeInteger;
      case TIMESTAMPTZ:
        return (value: string) => toInstant(base(value));
      case INT8_LIST:
        return (value: string) => mapList(base(value), toSafeInteger);
      case TIMESTAMPTZ_LIST:
        return (value: string) => mapList(base(value), toInstant);
      default:
        return pg.types.getTypeParser(oid, format);
    }
  },
};

type TypeId = Parameters<typeof pg.types.getTypeParser>[0];

// OIDs of PostgreSQL's catalogue (pg_type.dat).
const INT8 = 20;
const INT8_LIST = 1016;
const TIMESTAMPTZ = 1184;
const TIMESTAMPTZ_LIST = 1185;

/** RangeError, which fails the query, instead of a number that is off by a few. */
function toSafeInteger(value: unknown): number {
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError(`${String(value)} is not a safe integer`);
  return number;
}

/** pg makes a Date of it, or ±Infinity. */
function toInstant(value: unknown): number {
  return Number(value);
}

function mapList(list: unknown, map: (value: unknown) => number): unknown {
  return Array.isArray(list) ? list.map((item: unknown) => (item === null ? null : map(item))) : list;
}
