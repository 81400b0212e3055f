import { once } from 'node:events';
import { createServer, get, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect } from 'chai';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { waitFor } from '../../support/wait-for.ts';
import { Feed } from './feed.ts';

describe('the feed of changes', () => {
  let feed: Feed;
  let server: Server;
  let written: ServerResponse | undefined;

  beforeEach(async () => {
    feed = new Feed(20);
    server = createServer((_, response) => {
      written = response;
      feed.open(response);
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
  });
  afterEach(async () => {
    feed.close();
    server.close();
    server.closeAllConnections();
    await once(server, 'close');
  });

  async function listen(): Promise<IncomingMessage> {
    const { port } = server.address() as AddressInfo;
    const [response] = (await once(get({ port, agent: false }), 'response')) as [IncomingMessage];
    response.on('error', () => {});
    return response;
  }

  it('shows a sign of life while nothing changes', async () => {
    const response = await listen();
    let text = '';
    response.on('data', (chunk: Buffer) => (text += chunk.toString()));
    await waitFor(() => /\n:\n\n:\n\n/.test(text), 'two heartbeats');
    expect(text).to.match(/^retry: \d+\n\ndata: \{"version":0\}\n\n:/);
  });

  it('forgets whoever has gone', async () => {
    const [one, other] = [await listen(), await listen()];
    expect(feed.size).to.equal(2);
    one.destroy();
    await waitFor(() => feed.size === 1, 'one to be gone');
    other.destroy();
    await waitFor(() => feed.size === 0, 'the other to be gone');
  });

  it('keeps nothing for somebody who does not read, and tells them the newest once they do', async () => {
    const response = await listen();
    const full = written;
    response.pause();
    // More than lies between two ends that do not read.
    full!.write(`:${'x'.repeat(32 * 1024 * 1024)}\n\n`);
    const other = await listen();
    let read = '';
    other.on('data', (chunk: Buffer) => (read += chunk.toString()));
    for (let at = 0; at < 50; at += 1) feed.changed();
    await waitFor(() => read.includes('data: {"version":50}'), 'whoever reads to know');
    let text = '';
    response.on('data', (chunk: Buffer) => (text += chunk.toString()));
    response.resume();
    await waitFor(() => text.includes('data: {"version":50}'), 'the newest');
    expect(text.match(/data:/g)).to.have.length(2);
  });
});
