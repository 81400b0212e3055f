import { expect } from 'chai';
import { describe, it } from 'mocha';
import { stillStage } from '../../support/facing.ts';
import { waitFor } from '../../support/wait-for.ts';
import { startLocalSlack } from '../local-slack.ts';
import { openShow } from './show.ts';

describe('a show with its page', function () {
  this.timeout(120_000);

  it('that ends while another one is being set up ends that one too', async () => {
    const slack = await startLocalSlack();
    const first = stillStage({ slack, close: () => slack.close() });
    const show = await openShow(() => Promise.resolve(first));
    const change = (): Promise<number> =>
      fetch(`${show.url}stage`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: '{"kind":"faults"}',
      }).then(
        ({ status }) => status,
        () => 0,
      );
    const changed = change();
    expect(await change()).to.equal(409);

    await show.close();

    try {
      expect(show.stage()).not.to.equal(first);
      expect(await fetch(show.stage().slack.apiUrl).catch(() => 'nobody answers')).to.equal('nobody answers');
    } catch (error) {
      await waitFor(() => show.stage() !== first, 'the other one, to end it');
      await show.stage().close();
      throw error;
    }
    await changed;
  });
});
