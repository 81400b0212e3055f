import { expect } from 'chai';
import { after, afterEach, before, describe, it } from 'mocha';
import type { Request } from '../../src/domain/request.ts';
import { ConfigError } from '../../src/errors.ts';
import { adoptStrays } from '../../src/queue/stray-requests.ts';
import { insertRequest, readRequest } from '../../src/store/requests.ts';
import { DAY, queue, request, source, T0 } from '../support/builders.ts';
import { captureLogger } from '../support/capture-logger.ts';
import { type TestDatabase, testDatabase } from '../support/database.ts';

describe('requests whose queue is no longer configured', () => {
  let database: TestDatabase;
  let count = 0;

  before(async () => {
    database = await testDatabase();
  });
  afterEach(async () => {
    await database.pool.query('truncate requests cascade');
  });
  after(() => database.drop());

  async function store(overrides: Partial<Request>): Promise<Request> {
    count += 1;
    const { id: _id, ...unnumbered } = request({
      source: source({ ts: `${count}.000001` }),
      card: { channel: 'CTRIAGE', ts: `${count}.000002` },
      ...overrides,
    });
    return (await insertRequest(database.pool, unnumbered))!;
  }

  const adopt = (): Promise<void> =>
    adoptStrays(database.pool, [queue({ name: 'helpdesk' })], {
      fileName: 'triage.yaml',
      now: T0,
      logger: captureLogger(),
    });
  const queueOf = async ({ id }: Request): Promise<string | undefined> =>
    (await readRequest(database.pool, id))?.request.queue;

  it('follow a queue that has another name and the same triage channel, the ended ones too', async () => {
    const [open, unposted, closed] = [
      await store({ queue: 'it' }),
      await store({ queue: 'it', state: 'unposted', card: null }),
      await store({ queue: 'it', state: 'closed' }),
    ];
    await adopt();
    for (const each of [open, unposted, closed]) expect(await queueOf(each)).to.equal('helpdesk');
  });

  it('keep the daemon from starting when their queue is gone, and are named', async () => {
    const card = { channel: 'CHR', ts: '1.1' };
    const [open, resolved] = [
      await store({ queue: 'hr', card }),
      await store({ queue: 'hr', state: 'resolved', card: null }),
    ];
    for (let n = 0; n < 10; n += 1) await store({ queue: 'hr', card: null });
    const error = await adopt().catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(ConfigError);
    const [problem, ...others] = (error as ConfigError).problems;
    expect(others).to.deep.equal([]);
    expect(problem).to.match(/^triage\.yaml: there is no queue "hr" any more/);
    expect(problem).to.include(`#${open.id}, #${resolved.id}`).and.include('and 2 more');
  });

  it('stay where they are when nothing can be done with them any more', async () => {
    const card = { channel: 'CHR', ts: '1.1' };
    const ended = await store({ queue: 'hr', state: 'closed', card });
    await store({ queue: 'hr', state: 'declined', stateSinceAt: T0 - 2 * DAY, card: null });
    await adopt();
    expect(await queueOf(ended)).to.equal('hr');
  });
});
