/** Moments as a person reads them: in their own zone, by the show's clock. All times are epoch ms. */

const LOCALE = 'en-GB';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: number, tz: string, options: Intl.DateTimeFormatOptions): string {
  const key = `${tz} ${JSON.stringify(options)}`;
  let made = formats.get(key);
  if (made === undefined) {
    made = new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: tz });
    formats.set(key, made);
  }
  return made.format(at);
}

export function msOfTs(ts: string): number {
  return Math.floor(Number(ts) * 1000);
}

/** `14:05`. */
export function timeOf(at: number, tz: string): string {
  return format(at, tz, { hour: '2-digit', minute: '2-digit' });
}

/** `14:05:09`. */
export function timeWithSeconds(at: number, tz: string): string {
  return format(at, tz, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
}

/** `2026-01-05`, to compare days by. */
export function dayKey(at: number, tz: string): string {
  // Zones differ by quarters of an hour, so all moments of a quarter are of one day; long lists ask for many.
  const quarter = `${tz} ${Math.floor(at / 900_000)}`;
  const known = days.get(quarter);
  if (known !== undefined) return known;
  const key = dayOf(at, tz);
  days.set(quarter, key);
  return key;
}

const days = new Map<string, string>();

function dayOf(at: number, tz: string): string {
  const [day = '', month = '', year = ''] = format(at, tz, {
    day: '2-digit',
    month: '2-digit',
    year: 'numeric',
  }).split('/');
  return `${year}-${month}-${day}`;
}

/** `Monday, 5 January`; with the year where it is not this one. */
export function longDay(at: number, now: number, tz: string): string {
  const isThisYear = format(at, tz, { year: 'numeric' }) === format(now, tz, { year: 'numeric' });
  const text = format(at, tz, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
  return text.replace(/^(\w+) /, '$1, ');
}

/** `Mon 5 Jan`. */
export function shortDay(at: number, tz: string): string {
  return format(at, tz, { weekday: 'short', day: 'numeric', month: 'short' }).replace(',', '');
}

const DAY_MS = 86_400_000;

/** `today`, `yesterday`, `tomorrow`; null on other days. */
function nearDay(at: number, now: number, tz: string): string | null {
  const key = dayKey(at, tz);
  if (key === dayKey(now, tz)) return 'today';
  if (key === dayKey(now - DAY_MS, tz)) return 'yesterday';
  return key === dayKey(now + DAY_MS, tz) ? 'tomorrow' : null;
}

/** What stands between two days of messages. */
export function dayHeading(at: number, now: number, tz: string): string {
  const near = nearDay(at, now, tz);
  return near === null ? longDay(at, now, tz) : near.charAt(0).toUpperCase() + near.slice(1);
}

const UNITS = [
  ['year', 365 * DAY_MS],
  ['month', 30 * DAY_MS],
  ['day', DAY_MS],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** `5 minutes ago`, `in 2 hours`, `3 months ago`, `just now`. */
export function ago(at: number, now: number): string {
  const away = Math.abs(now - at);
  const [unit, size] = UNITS.find(([, each]) => away >= each) ?? ['', 0];
  if (size === 0) return 'just now';
  const count = Math.floor(away / size);
  const words = `${count} ${unit}${count === 1 ? '' : 's'}`;
  return at > now ? `in ${words}` : `${words} ago`;
}

/** `<!date^…^format|…>` as Slack writes it; a format that nobody knows stays as it is. */
export function slackDate(at: number, form: string, now: number, tz: string): string {
  const pretty = (other: string): string => nearDay(at, now, tz) ?? other;
  const short = format(at, tz, { day: 'numeric', month: 'short', year: 'numeric' });
  const long = format(at, tz, { day: 'numeric', month: 'long', year: 'numeric' });
  const full = format(at, tz, { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });
  const pieces: Readonly<Record<string, () => string>> = {
    ago: () => ago(at, now),
    time: () => timeOf(at, tz),
    time_secs: () => timeWithSeconds(at, tz),
    date_num: () => dayKey(at, tz),
    date: () => long,
    date_pretty: () => pretty(long),
    date_short: () => short,
    date_short_pretty: () => pretty(shortDay(at, tz)),
    date_long: () => full,
    date_long_pretty: () => pretty(full),
  };
  return form.replaceAll(/\{(\w+)\}/g, (all, name: string) => pieces[name]?.() ?? all);
}

/** A length of time, short: `45 s`, `12 min`, `3 h`, `2 d`. */
export function shortLength(ms: number): string {
  const away = Math.max(0, ms);
  if (away < 60_000) return `${Math.round(away / 1000)} s`;
  if (away < 5_400_000) return `${Math.round(away / 60_000)} min`;
  return away < 2 * DAY_MS ? `${Math.round(away / 3_600_000)} h` : `${Math.round(away / DAY_MS)} d`;
}

/** What a person picked as day (`2026-01-05`) and time (`09:30`) in their zone. Null for anything else. */
export function momentIn(day: string, time: string, tz: string): number | null {
  const utc = Date.parse(`${day}T${time}:00Z`);
  if (Number.isNaN(utc)) return null;
  // The zone's offset there; twice, since the first guess may lie on the other side of a change of clocks.
  const once = utc - offsetAt(utc, tz);
  return utc - offsetAt(once, tz);
}

function offsetAt(at: number, tz: string): number {
  const shown = Date.parse(`${dayKey(at, tz)}T${timeWithSeconds(at, tz)}Z`);
  return shown - Math.floor(at / 1000) * 1000;
}
