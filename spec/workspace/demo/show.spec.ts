import { expect } from 'chai';
import { describe, it } from 'mocha';
import { stillStage } from '../../support/facing.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { State } from '../face/wire.ts';
import { startLocalSlack } from '../local-slack.ts';
import { openShow, SHOWS } from './show.ts';

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

  it('begins the same show anew when it is asked to, with nothing of before', async () => {
    const show = await openShow(SHOWS.time);
    const post = async (path: string, body: object): Promise<number> => {
      const { status } = await fetch(`${show.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' },
        body: JSON.stringify(body),
      });
      return status;
    };
    const state = async (): Promise<State> =>
      (await (
        await fetch(`${show.url}state`, { headers: { 'sec-fetch-site': 'same-origin' } })
      ).json()) as State;
    const isUp = (): boolean => show.stage().seen().isUp;
    try {
      await waitFor(isUp, 'TrIAge to be up', 60_000);
      const [first, before] = [show.stage(), await state()];
      const asking = { do: 'say', channel: before.open.channel, text: 'Is this kept?' };
      expect(await post('do', { as: before.me.id, deed: asking })).to.equal(200);
      expect((await state()).open.messages.at(-1)?.text).to.equal('Is this kept?');

      expect(await post('stage', { kind: 'time' })).to.equal(200);

      expect(show.stage()).not.to.equal(first);
      const after = await state();
      expect(after.show).to.equal(before.show + 1);
      expect(after.open.messages.at(-1)?.text).to.equal(before.open.messages.at(-1)?.text);
      await waitFor(isUp, 'TrIAge to be up again', 60_000);
      expect(await fetch(first.slack.apiUrl).catch(() => 'nobody answers')).to.equal('nobody answers');
    } finally {
      await show.close();
    }
  });
});
