/** Takes what people wrote out of a request: all of it when its time is over, one person's when they are forgotten. */
import type { Exit, Hold, Request, Resolution } from './request.ts';

export type Whose =
  | { readonly kind: 'all' }
  /** `heldBy`: who put the request on hold last, if anybody did. */
  | { readonly kind: 'person'; readonly user: string; readonly heldBy: string | null };

/**
 * The request without those texts. It stays as it was in everything else: state, people, times.
 * @returns the very same object when nothing of theirs was left
 */
export function blank(request: Request, whose: Whose): Request {
  const isTheirs = (author: string | null): boolean => whose.kind === 'all' || author === whose.user;
  const isHoldTheirs = whose.kind === 'all' || whose.heldBy === whose.user;
  const source = isTheirs(request.asker) ? blankSource(request, whose) : request;
  const hold = isHoldTheirs ? blankHold(request.hold) : request.hold;
  const exit = blankExit(request.exit, isTheirs, isHoldTheirs);
  const resolution = blankResolution(request.resolution, isTheirs, isHoldTheirs);
  if (
    source === request &&
    hold === request.hold &&
    exit === request.exit &&
    resolution === request.resolution
  )
    return request;
  return { ...source, hold, exit, resolution };
}

function blankSource(request: Request, whose: Whose): Request {
  const textGone = whose.kind === 'all' ? 'retention' : 'forgotten';
  const { source, unshownText, unshownFiles } = request;
  const isBlank =
    source.title === null &&
    source.text === null &&
    source.files.length === 0 &&
    unshownText === null &&
    unshownFiles.length === 0;
  // Of a message that its author deleted nothing is left to forget; but an end of time is noted, or it were found again.
  if (isBlank && (textGone === 'forgotten' || request.textGone === 'retention')) return request;
  return {
    ...request,
    textGone,
    // As if it had been deleted: an edit of the message brings nothing back, and nothing leads to it.
    source: { ...source, title: null, text: null, files: [], isDeleted: true },
    unshownText: null,
    unshownFiles: [],
  };
}

function blankHold<H extends Hold | null>(hold: H): H {
  return hold === null || hold.reason === '' ? hold : { ...hold, reason: '' };
}

function blankExit(
  exit: Exit | null,
  isTheirs: (author: string | null) => boolean,
  isHoldTheirs: boolean,
): Exit | null {
  if (exit === null) return null;
  const reason = isTheirs(exit.by) ? null : exit.reason;
  const holdBefore = isHoldTheirs ? blankHold(exit.holdBefore) : exit.holdBefore;
  return reason === exit.reason && holdBefore === exit.holdBefore ? exit : { ...exit, reason, holdBefore };
}

function blankResolution(
  resolution: Resolution | null,
  isTheirs: (author: string | null) => boolean,
  isHoldTheirs: boolean,
): Resolution | null {
  if (resolution === null) return null;
  const note = isTheirs(resolution.by) ? null : resolution.note;
  const holdBefore = isHoldTheirs ? blankHold(resolution.holdBefore) : resolution.holdBefore;
  return note === resolution.note && holdBefore === resolution.holdBefore
    ? resolution
    : { ...resolution, note, holdBefore };
}
