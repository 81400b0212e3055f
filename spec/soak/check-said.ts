/** Each thing said once: by its key, and by what the timeline says must have been said. */
import type { Request } from '../../src/domain/request.ts';
import { OVER, OWNED, PERHAPS_NEW } from './check-requests.ts';
import { aboutRequest, type Evidence, type Finding, type Post, whats } from './evidence.ts';
import { keyOf } from './model.ts';

/** What a row's key gets behind it when the row goes another way round; it stays one thing. */
const WAYS = /(?:\.(?:behind|opened|found))+$/;

export function checkSaid(evidence: Evidence): readonly Finding[] {
  return [
    ...twiceByKey(evidence),
    ...evidence.requests.flatMap((request) => [...counted(evidence, request), ...tooLate(evidence, request)]),
  ];
}

function twiceByKey({ posts, requests, model }: Evidence): readonly Finding[] {
  const removedAt = new Map(model.removedCards.map((card) => [keyOf(card), card.at]));
  return [...Map.groupBy(posts, ({ key }) => (key ?? '').replace(WAYS, ''))].flatMap(([key, same]) => {
    const about = same.flatMap(({ channel, ts }) => [`${channel}:${ts}`]);
    const request = requests.find(({ id }) => key.startsWith(`r${id}.`));
    if (key === '') return [{ check: 'said', what: 'a post without a key', about }];
    // One that was deleted before anybody could note where it stands, or that nobody sees, is as good as never posted.
    const seen = same.filter(({ isSeen }) => isSeen);
    const isRepeated = seen.some((post, place) => {
      const goneAt = removedAt.get(keyOf(post)) ?? Number.POSITIVE_INFINITY;
      return seen.slice(place + 1).some(({ at }) => at < goneAt);
    });
    if (!isRepeated) return [];
    const what = `"${same[0]?.text}" was posted ${same.length} times (${key})`;
    return [
      { check: 'said', what, about: [...about, ...(request === undefined ? [] : aboutRequest(request))] },
    ];
  });
}

/** How often the lines of one kind are in a request's timeline, and in Slack. */
interface Rule {
  readonly line: RegExp;
  readonly said: (id: number) => RegExp;
  /** Said whatever has become of the request meanwhile; of the others, at least what nothing made moot is. */
  readonly isAlways: boolean;
  readonly isOf?: (request: Request, evidence: Evidence) => boolean;
  /** True where nobody may have been left who may read it, once Slack let it be said. */
  readonly mayLack?: (request: Request, evidence: Evidence) => boolean;
}

const RULES: readonly Rule[] = [
  {
    line: /^(?:took it|assigned it to|handed it over to)/,
    said: (id) => new RegExp(` has #${id} now\\.$`),
    isAlways: true,
    // One queue goes without that line.
    isOf: ({ id, queue }, evidence) =>
      queue !== 'hr' && !whats(evidence, id).some((what) => what.startsWith('moved it')),
  },
  {
    line: /^waits for the asker$/,
    said: (id) => new RegExp(` needs an answer from you on #${id}\\.$`),
    isAlways: true,
  },
  {
    line: /^resolved/,
    said: (id) =>
      new RegExp(`(?: resolved #${id}\\.|^#${id} is resolved\\.|^#${id} ends here: no answer came\\.)$`),
    isAlways: true,
  },
  { line: /^ladder: lead$/, said: (id) => new RegExp(`^Nobody has taken #${id} for `), isAlways: false },
  { line: /^ladder: lead$/, said: (id) => new RegExp(`^#${id} has waited too long; `), isAlways: false },
  {
    line: /^ladder: escalation$/,
    said: (id) => new RegExp(`^Nobody has taken #${id} in “`),
    isAlways: false,
  },
  {
    line: /^nudged the asker/,
    said: (id) => new RegExp(`^#${id} (?:still )?waits for your answer\\.$`),
    isAlways: false,
  },
  {
    line: /^told the asker that it ends/,
    said: (id) => new RegExp(`^#${id} ends soon unless `),
    isAlways: false,
  },
  {
    line: /^reminded$/,
    said: (id) => new RegExp(`^Your reminder of #${id}\\.$`),
    isAlways: false,
    mayLack: ({ id }, { model }) =>
      model.causes.some(({ action, on, by }) => action === 'remind' && on === id && model.everLeft(by)),
  },
];

/** What the clock alone has left in the timeline, and what changes nothing that a reminder is about. */
const CHANGES_NOTHING =
  /^(?:ladder:|nudged|told the asker|reminded|a reminder fell|a snooze ended|wrote|set to)/;

function counted(evidence: Evidence, request: Request): readonly Finding[] {
  const { id } = request;
  const lines = whats(evidence, id);
  return RULES.flatMap(({ line, said, isAlways, isOf, mayLack }) => {
    if (isOf?.(request, evidence) === false) return [];
    const pattern = said(id);
    const posts = evidence.posts.filter((post) => isAbout(post, id) && pattern.test(post.text));
    const heard = posts.filter(({ isSeen }) => isSeen).length;
    const most = lines.filter((what) => line.test(what)).length;
    const always = isAlways
      ? most
      : lines.filter(
          (what, place) =>
            line.test(what) && lines.slice(place).every((later) => CHANGES_NOTHING.test(later)),
        ).length;
    const least = mayLack?.(request, evidence) === true ? 0 : always;
    if (posts.length >= least && heard <= most) return [];
    const what = `${pattern} was said ${heard} times, and should be ${least === most ? least : `${least} to ${most} times`}`;
    return [{ check: 'said', what, about: aboutRequest(request) }];
  });
}

/** From the look at the request to the call: the names that a message needs may have to be asked for, 10 s each. */
const UNDER_WAY_MS = 15_000;

/** What asks for an owner is not said once it has long had one. */
function tooLate(evidence: Evidence, request: Request): readonly Finding[] {
  const { id } = request;
  const asks = new RegExp(
    `^(?:\\S+ Nobody has #${id} yet|Nobody has taken #${id} |#${id} has waited too long)`,
  );
  const lines = evidence.timelines.get(id) ?? [];
  return evidence.posts
    .filter((post) => isAbout(post, id) && asks.test(post.text))
    .flatMap((post) => {
      const before = lines.filter(({ committedAt }) => committedAt < post.at);
      const settled = before.findLastIndex(({ what }) => OWNED.test(what) || OVER.test(what));
      const line = before[settled];
      const isOpenAgain = before.slice(settled + 1).some(({ what }) => PERHAPS_NEW.test(what));
      if (line === undefined || isOpenAgain || post.at - line.committedAt < UNDER_WAY_MS) return [];
      const lateMs = Math.round(post.at - line.committedAt);
      return [
        {
          check: 'said',
          what: `"${post.text}" ${lateMs} ms after "${line.what}"`,
          about: aboutRequest(request),
        },
      ];
    });
}

/** The asker's own reply says in words of its own how the request stands. */
function isAbout({ key }: Post, id: number): boolean {
  return key?.startsWith(`r${id}.`) === true && key.includes('.say');
}

/** Whoever was asked to take a request was asked once at each step, as the request itself remembers. */
export function checkAsked(evidence: Evidence): readonly Finding[] {
  const { requests, posts, slack } = evidence;
  return requests.flatMap((request) => {
    const { id, ladder } = request;
    const asked = ladder.asked.filter(({ step }) => step === 'duty' || step === 'next');
    const pattern = new RegExp(`^\\S+ Nobody has #${id} yet\\. Take it\\?$`);
    const lines = whats(evidence, id);
    const again = lines.filter((what) => what === 'a snooze ended' || what.startsWith('moved it')).length;
    return [...new Set(asked.map(({ user }) => user))].flatMap((user) => {
      const dm = slack.dmOf(user);
      const heard = posts.filter((post) => post.channel === dm && pattern.test(post.text)).length;
      // Each move lets the ladder begin anew.
      const most = asked.filter((one) => one.user === user).length + again * 2;
      return heard <= most
        ? []
        : [
            {
              check: 'said',
              what: `${user} was asked ${heard} times to take it, ${most} at most`,
              about: aboutRequest(request),
            },
          ];
    });
  });
}
