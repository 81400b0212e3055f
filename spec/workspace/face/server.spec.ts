import { get, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { after, afterEach, before, beforeEach, describe, it } from 'mocha';
import { type Facing, facing, stillStage } from '../../support/facing.ts';
import { makeTeam, type Team } from '../../support/running-app.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type LocalSlack, startLocalSlack } from '../local-slack.ts';
import { type Stage, WishError } from './stage.ts';
import type { Refused, StageKind, State } from './wire.ts';

describe("the page's server", () => {
  let slack: LocalSlack;
  let team: Team;
  let page: Facing;
  let stage: Stage;
  let wishes: unknown[];
  let kind: StageKind;
  const watchers = new Set<() => void>();

  before(async () => {
    slack = await startLocalSlack();
    team = makeTeam(slack);
    const still = stillStage({ slack });
    stage = {
      ...still,
      seen: () => ({ ...still.seen(), kind }),
      watch: (watcher) => {
        watchers.add(watcher);
        return () => watchers.delete(watcher);
      },
      time: async (wish) => void wishes.push(wish),
      trouble: async (wish) => {
        if ('once' in wish) throw new WishError('no socket is open to be dropped');
        wishes.push(wish);
      },
    };
    page = await facing(stage);
  });
  beforeEach(() => {
    wishes = [];
    kind = 'faults';
  });
  after(async () => {
    await page.close();
    await slack.close();
  });

  const refusedBy = ({ text }: { readonly text: string }): string => (JSON.parse(text) as Refused).refused;

  it('gives the page, its script and its style, all of them under a policy that lets nothing else in', async () => {
    for (const [path, type, words] of [
      ['/', 'text/html', '<div id="root">'],
      ['/icon.svg', 'image/svg+xml', '<svg'],
      ['/page.js', 'text/javascript', 'the page of a spec'],
      ['/page.css', 'text/css', 'canvastext'],
      ['/state', 'application/json', '"uli"'],
    ] as const) {
      const { status, headers, text } = await page.get(path);
      expect(status, path).to.equal(200);
      expect(headers['content-type']).to.equal(`${type}; charset=utf-8`);
      expect(text).to.include(words);
      expect(headers['content-security-policy'])
        .to.include("default-src 'none'")
        .and.include("script-src 'self';")
        .and.include("style-src 'self';")
        .and.include("frame-ancestors 'none'")
        .and.not.match(/unsafe|https?:|\*/);
      expect(headers).to.include({ 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' });
    }
  });

  it('started again at its port tells of another show than the one before', async () => {
    const first = await facing(stage);
    const port = Number(new URL(first.url).port);
    const { show } = await first.ask<State>('/state');
    expect((await first.ask<State>('/state')).show).to.equal(show);
    await first.close();
    const again = await facing(stage, { port });
    try {
      expect((await again.ask<State>('/state')).show).to.be.above(show);
    } finally {
      await again.close();
    }
  });

  it('listens on the loopback and answers to its own name only', async () => {
    expect(new URL(page.url).hostname).to.equal('127.0.0.1');
    const port = new URL(page.url).port;
    expect((await page.send('GET', '/state', { host: `localhost:${port}` })).status).to.equal(200);
    for (const host of [
      'example.com',
      `example.com:${port}`,
      '127.0.0.1',
      '127.0.0.1:1',
      `0.0.0.0:${port}`,
    ]) {
      const refused = await page.send('GET', '/', { host });
      expect(refused.status, host).to.equal(421);
      expect(refusedBy(refused)).to.equal(`this is http://127.0.0.1:${port} and answers to no other name`);
    }
  });

  it('refuses every other site, whatever it sends', async () => {
    const body = JSON.stringify({
      as: team.uli.id,
      deed: { do: 'say', channel: team.help.id, text: 'forged' },
    });
    const { port } = new URL(page.url);
    const without = (name: keyof Facing['own']): Record<string, string> => {
      const { [name]: _left, ...rest } = page.own;
      return rest;
    };
    for (const headers of [
      { ...page.own, origin: 'http://example.com' },
      { ...page.own, origin: 'null' },
      { ...page.own, origin: `http://localhost:${port}` },
      { ...page.own, origin: `https://127.0.0.1:${port}` },
      { ...page.own, 'sec-fetch-site': 'cross-site' },
      { ...page.own, 'sec-fetch-site': 'same-site' },
      without('sec-fetch-site'),
    ]) {
      expect((await page.send('POST', '/do', headers, body)).status, JSON.stringify(headers)).to.equal(403);
    }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'application/jsonp']) {
      expect((await page.send('POST', '/do', { ...page.own, 'content-type': type }, body)).status).to.equal(
        415,
      );
    }
    expect((await page.send('POST', '/do', without('content-type'), body)).status).to.equal(415);
    expect((await page.send('GET', '/state', { origin: 'http://example.com' })).status).to.equal(403);
    expect((await page.send('GET', '/state', { 'sec-fetch-site': 'cross-site' })).status).to.equal(403);
    expect((await page.send('GET', '/', { 'sec-fetch-site': 'cross-site' })).status).to.equal(200);
    expect(slack.messages(team.help)).to.deep.equal([]);
    expect((await page.send('POST', '/do', without('origin'), body)).status).to.equal(200);
  });

  it('answers what it cannot make sense of with one line, and goes on', async () => {
    for (const [method, path, body, status] of [
      ['GET', '/nothing', '', 404],
      ['GET', '/do', '', 404],
      ['GET', '/__proto__', '', 404],
      ['GET', '//', '', 404],
      ['POST', '/state', '{}', 404],
      ['POST', '/constructor', '{}', 404],
      ['PUT', '/do', '{}', 405],
      ['DELETE', '/', '', 405],
      ['POST', '/do', '', 400],
      ['POST', '/do', '{', 400],
      ['POST', '/do', '[]', 400],
      ['POST', '/do', 'null', 400],
      ['POST', '/do', '{"as":"U1"}', 400],
      ['POST', '/do', `{"as":"${team.uli.id}","deed":{"do":"constructor"}}`, 400],
      ['POST', '/do', `{"as":"${team.uli.id}","deed":{"do":"say","channel":7,"text":"x"}}`, 400],
      ['POST', '/do', `{"as":"${team.uli.id}","deed":{"do":"submit","view":"V1","values":{"a":[1]}}}`, 400],
      ['POST', '/do', '{"as":"U0NOBODY","deed":{"do":"dismiss","view":"V1"}}', 404],
      ['POST', '/do', '{"as":"U0TRIAGE","deed":{"do":"dismiss","view":"V1"}}', 404],
      ['POST', '/do', `{"text":"${'x'.repeat(300_000)}"}`, 413],
      ['POST', '/trouble', '{"once":"burn"}', 400],
      ['POST', '/trouble', '{"lasting":"slowSlack"}', 400],
      ['POST', '/stage', '{"kind":"export"}', 400],
      ['GET', '/state?as=U0NOBODY', '', 404],
      ['GET', '/state?as=U0TRIAGE', '', 404],
      ['GET', '/state?channel=C0NOWHERE', '', 404],
      ['GET', '/explain', '', 400],
      ['GET', '/explain?number=1', '', 503],
    ] as const) {
      const refused = await page.send(method, path, method === 'GET' ? {} : page.own, body);
      expect(refused.status, `${method} ${path} ${body.slice(0, 80)}`).to.equal(status);
      expect(refusedBy(refused)).to.match(/^[^\n]+$/);
    }
    const chunked = await page.send(
      'POST',
      '/do',
      { ...page.own, 'transfer-encoding': 'chunked' },
      'x'.repeat(300_000),
    );
    expect(chunked.status).to.equal(413);
    const socket = connect(Number(new URL(page.url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.resume();
    socket.end('\u0000 is no HTTP\r\n\r\n');
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await page.get('/')).status).to.equal(200);
  });

  it('hands wishes to the show that can follow them, and says why not otherwise', async () => {
    expect((await page.post('/trouble', { lasting: 'slowSlack', on: true })).status).to.equal(200);
    expect(wishes).to.deep.equal([{ lasting: 'slowSlack', on: true }]);
    const refused = await page.post('/trouble', { once: 'dropSocket' });
    expect([refused.status, refusedBy(refused)]).to.deep.equal([409, 'no socket is open to be dropped']);
    expect((await page.post('/time', { speed: 10 })).status).to.equal(409);

    kind = 'time';
    wishes = [];
    const asked = [{ speed: 0 }, { skipTo: 1_767_603_600_000 }, { skip: 'monday9' }, { stop: true }];
    const skippedFrom: (number | null)[] = [];
    for (const wish of asked) {
      expect((await page.post('/time', wish)).status).to.equal(200);
      skippedFrom.push((await page.ask<State>('/state')).skippedFrom);
    }
    const { now } = (await page.ask<State>('/state')).stage;
    expect(skippedFrom).to.deep.equal([null, now, now, now]);
    expect(wishes).to.deep.equal(asked);
    expect((await page.post('/trouble', { once: 'dropSocket' })).status).to.equal(409);
    for (const wish of [{ speed: -1 }, { speed: '10' }, { skip: 'year' }, { skipTo: null }, {}])
      expect((await page.post('/time', wish)).status, JSON.stringify(wish)).to.equal(400);
  });

  describe('tells of changes', () => {
    const open: IncomingMessage[] = [];
    afterEach(() => {
      for (const each of open.splice(0)) each.destroy();
    });

    /** The versions that a page is told, and when (ms). */
    function listen(): Promise<{ readonly version: number; readonly at: number }[]> {
      const told: { version: number; at: number }[] = [];
      return new Promise((resolve, reject) => {
        const asked = get(`${page.url}events`, { agent: false }, (response) => {
          open.push(response);
          response.setEncoding('utf8');
          response.on('error', () => {});
          response.on('data', (chunk: string) => {
            for (const [, version] of chunk.matchAll(/^data: {"version":(\d+)}$/gm))
              told.push({ version: Number(version), at: performance.now() });
          });
          resolve(told);
        });
        asked.on('error', reject);
      });
    }

    it('at once, and at most ten times a second however much happens', async () => {
      const told = await listen();
      await waitFor(() => told.length === 1, 'the version as it is');
      const begun = performance.now();
      let said = 0;
      await waitFor(() => {
        slack.say(team.uli, team.help, `change ${(said += 1)}`);
        return performance.now() - begun > 550;
      }, 'half a second');
      await waitFor(() => (told.at(-1)?.version ?? 0) >= (told[0]?.version ?? 0) + said, 'the last of them');
      expect(said).to.be.above(20);
      expect(told.length - 1).to.be.within(2, Math.ceil((performance.now() - begun) / 100) + 1);
      const last = told.length;
      slack.say(team.uli, team.help, 'one more');
      await waitFor(() => told.length > last, 'that one');
    });

    it('that the show itself tells of', async () => {
      const told = await listen();
      await waitFor(() => told.length === 1, 'the version as it is');
      for (const watcher of watchers) watcher();
      await waitFor(() => told.length === 2, 'the change');
    });

    it('of another show, too, and of that one alone', async () => {
      const other = await startLocalSlack();
      const another = stillStage({ slack: other });
      let current = stage;
      const changing = await facing(stage, {
        stage: () => current,
        restage: async (wanted) => {
          if (wanted === 'time') throw new WishError('there is no time for that');
          current = another;
        },
      });
      try {
        expect((await changing.state(team.uli)).me.name).to.equal('uli');
        const refused = await changing.post('/stage', { kind: 'time' });
        expect([refused.status, refusedBy(refused)]).to.deep.equal([409, 'there is no time for that']);
        const told: string[] = [];
        const response = await new Promise<IncomingMessage>((resolve) => {
          get(`${changing.url}events`, { agent: false }, resolve);
        });
        open.push(response);
        response.on('error', () => {});
        response.on('data', (chunk: Buffer) => told.push(chunk.toString()));
        const versions = (): number => told.join('').match(/data:/g)?.length ?? 0;
        await waitFor(() => versions() === 1, 'the version as it is');
        expect((await changing.post('/stage', { kind: 'faults' })).status).to.equal(200);
        await waitFor(() => versions() === 2, 'the other show');
        slack.say(team.uli, team.help, 'in the show that is over');
        const dora = other.people.add({ name: 'dora' });
        expect((await changing.state(dora)).me.name).to.equal('dora');
        await waitFor(() => versions() === 3, 'what the other show tells');
        expect((await changing.get(`/state?as=${team.zoe.id}`)).status).to.equal(404);
      } finally {
        await changing.close();
        expect(watchers.size).to.equal(1);
        await other.close();
      }
    });
  });
});
