import { expect } from 'chai';
import { describe, it } from 'mocha';
import { REQUIRED_SCOPES } from '../../src/slack/scopes.ts';
import { readManifest } from '../workspace/manifest.ts';

describe('required scopes', () => {
  it('are those that the manifest asks for, each with its reason', () => {
    expect(Object.keys(REQUIRED_SCOPES)).to.have.members(readManifest().scopes);
    expect(Object.values(REQUIRED_SCOPES).every((reason) => reason.length > 5)).to.equal(true);
  });
});
