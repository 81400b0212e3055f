/**
 * pg-boss over our own pool, so that its transactional workers hand us a transaction in which our SQL verbs work:
 * a follow-up's state change, its Slack writes and its job's completion commit together.
 */
import type { Db as IDatabase } from 'pg-boss';
import type { Pool } from '../store/pool.ts';
import { bossDb, type Tx, withTransaction } from '../store/transaction.ts';

type TransactionHandle = Awaited<ReturnType<NonNullable<IDatabase['beginTransaction']>>>;

/** pg-boss's view of one of our transactions. */
class BossTransaction implements IDatabase {
  readonly tx: Tx;

  constructor(tx: Tx) {
    this.tx = tx;
  }

  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }> {
    return bossDb(this.tx).executeSql(text, values);
  }
}

/** The transaction behind the second argument of a transactional worker. */
export function txOf(db: IDatabase): Tx {
  if (!(db instanceof BossTransaction)) throw new TypeError('this database is not one of our transactions');
  return db.tx;
}

/**
 * `sessionStatements` are what the pool already runs on each of its connections (pg-boss's TestClock asks for one);
 * pg-boss declares what it needs and is refused when the pool does not do it.
 */
export function createBossDatabase(pool: Pool, sessionStatements: readonly string[]): IDatabase {
  return {
    executeSql: (text, values) => bossDb(pool).executeSql(text, values),
    beginTransaction: () => begin(pool),
    setSessionStatements: (wanted) => {
      const missing = wanted.find((statement) => !sessionStatements.includes(statement));
      return missing === undefined
        ? Promise.resolve()
        : Promise.reject(new Error(`the pool does not run: ${missing}`));
    },
  };
}

function begin(pool: Pool): Promise<TransactionHandle> {
  return new Promise((opened, failed) => {
    const decision = Promise.withResolvers<void>();
    const done = withTransaction(pool, (tx) => {
      opened({
        db: new BossTransaction(tx),
        commit: () => {
          decision.resolve();
          return done;
        },
        rollback: () => {
          decision.reject(new RolledBack());
          return done.catch(() => {});
        },
      });
      return decision.promise;
    });
    // Before it is open this is the answer; afterwards commit and rollback pass it on.
    done.catch(failed);
  });
}

class RolledBack extends Error {
  override readonly name = 'RolledBack';
}
