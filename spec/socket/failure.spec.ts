import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { expect } from 'chai';
import { describe, it } from 'mocha';
import { failed, fromDisconnect, toFailure } from '../../src/socket/failure.ts';

const platform = (error: string) => toFailure(new WebAPIPlatformError({ ok: false, error }));

describe('socket/failure', () => {
  it('knows every answer that refuses the token', () => {
    for (const code of [
      'invalid_auth',
      'not_authed',
      'account_inactive',
      'token_revoked',
      'not_allowed_token_type',
    ]) {
      expect(platform(code)).to.deep.equal(failed('invalid_auth', code));
    }
  });

  it('knows Socket Mode switched off, too many connections, and the rate limit with its wait', () => {
    expect(platform('link_disabled')).to.deep.equal(failed('link_disabled', 'link_disabled'));
    expect(platform('too_many_websockets').reason).to.equal('too_many_websockets');
    expect(platform('ratelimited')).to.deep.equal(failed('rate_limited', 'rate_limited', 30_000));
    expect(toFailure(new WebAPIRateLimitedError(7))).to.deep.equal(
      failed('rate_limited', 'rate_limited', 7000),
    );
  });

  it("takes Slack's own troubles and a page of HTML for unreachable, and never repeats the page", () => {
    expect(platform('internal_error')).to.deep.equal(failed('unreachable', 'internal_error'));
    expect(platform('<html>secret</html>')).to.deep.equal(failed('unreachable', "not Slack's JSON"));
    expect(toFailure(new WebAPIHTTPError(503, 'Unavailable', {}, 'secret'))).to.deep.equal(
      failed('unreachable', 'http 503'),
    );
  });

  it('finds the code of a network error in its causes, and a timeout by its name', () => {
    const refused = Object.assign(new Error('connect'), { code: 'ECONNREFUSED' });
    const fetchFailed = new TypeError('fetch failed', { cause: refused });
    expect(toFailure(new WebAPIRequestError(fetchFailed))).to.deep.equal(
      failed('unreachable', 'ECONNREFUSED'),
    );
    expect(toFailure(new WebAPIRequestError(new TypeError('fetch failed')))).to.deep.equal(
      failed('unreachable', 'no connection'),
    );
    expect(toFailure(new WebAPIRequestError(new DOMException('', 'TimeoutError'))).reason).to.equal(
      'timeout',
    );
  });

  it('makes something of any rejection at all', () => {
    for (const thing of [undefined, null, 'text', {}, new Error('x')]) {
      expect(toFailure(thing)).to.deep.equal(failed('unreachable', 'no usable answer'));
    }
  });

  it('names what Slack says instead of hello', () => {
    expect(fromDisconnect('link_disabled').reason).to.equal('link_disabled');
    expect(fromDisconnect('too_many_websockets').reason).to.equal('too_many_websockets');
    expect(fromDisconnect('refresh_requested').reason).to.equal('unreachable');
  });
});
