/** What has happened since the daemon started: counters and histograms. Observing costs about a microsecond. */
import Counter from 'prom-client/lib/counter.js';
import Histogram from 'prom-client/lib/histogram.js';
import Registry from 'prom-client/lib/registry.js';

/** What Slack delivers; each has its series from the start, so that its first one is a rise. */
const ENVELOPE_TYPES = ['events_api', 'interactive', 'slash_commands', 'other'] as const;
type EnvelopeType = (typeof ENVELOPE_TYPES)[number];

export interface Counters {
  /** An envelope was read. `isRepeated`: Slack had delivered it before. */
  readonly received: (type: EnvelopeType, isRepeated: boolean) => void;
  /** An acknowledgement was to be written, so long after its envelope was read (s). `isWritten`: its socket could carry it. */
  readonly acknowledged: (type: EnvelopeType, seconds: number, isWritten: boolean) => void;
  /** An attempt to open a socket came to its end: `hello`, or why there is none. */
  readonly opened: (outcome: string) => void;
  /** Slack's Web API was called. */
  readonly called: (method: string, outcome: string) => void;
  /** The event loop was so late with a timer (s). */
  readonly lagged: (seconds: number) => void;
  /** All of them in Prometheus's text format. */
  readonly text: () => Promise<string>;
}

/** Slack waits three seconds. */
const ACK_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 3, 5];
/** The watchdog ends the process after 30 s. */
const LAG_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

export function createCounters(): Counters {
  const registry = new Registry();
  const registers = [registry];
  const counter = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter<Label>({ name, help, labelNames, registers });

  const envelopes = counter(
    'triage_envelopes_total',
    'Envelopes that Slack sent, repeated ones too.',
    'type',
  );
  const repeated = counter(
    'triage_envelopes_repeated_total',
    'Envelopes that Slack sent again because they were not acknowledged.',
    'type',
  );
  const acks = new Histogram({
    name: 'triage_ack_duration_seconds',
    help: 'From reading an envelope to writing its acknowledgement; its event is committed in between.',
    labelNames: ['type'],
    buckets: ACK_BUCKETS,
    registers,
  });
  const unwritten = counter(
    'triage_acks_unwritten_total',
    'Acknowledgements that could not be written because their socket was gone.',
    'type',
  );
  const openings = counter(
    'triage_socket_openings_total',
    'Attempts to open a socket, by outcome.',
    'outcome',
  );
  const calls = counter(
    'triage_slack_calls_total',
    'Calls of Slack’s Web API and answers to response URLs, by method and outcome.',
    'method',
    'outcome',
  );
  const lag = new Histogram({
    name: 'triage_event_loop_lag_seconds',
    help: 'How late the event loop was with a timer, looked at ten times a second.',
    buckets: LAG_BUCKETS,
    registers,
  });

  for (const type of ENVELOPE_TYPES) {
    for (const each of [envelopes, repeated, unwritten]) each.inc({ type }, 0);
    acks.zero({ type });
  }

  return {
    received: (type, isRepeated) => {
      envelopes.inc({ type });
      if (isRepeated) repeated.inc({ type });
    },
    acknowledged: (type, seconds, isWritten) => {
      if (isWritten) acks.observe({ type }, seconds);
      else unwritten.inc({ type });
    },
    opened: (outcome) => openings.inc({ outcome }),
    called: (method, outcome) => calls.inc({ method, outcome }),
    lagged: (seconds) => lag.observe(seconds),
    text: () => registry.metrics(),
  };
}
