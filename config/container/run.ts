import { execFile } from 'node:child_process';

export interface RunOptions {
  readonly cwd?: string;
  /** On top of this process's. */
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
}

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const MOST_BYTES = 64 * 1024 * 1024;

/** Runs a program to its end, whatever its exit code; rejects only when it cannot be begun or is killed. */
export function outcomeOf(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<Outcome> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { cwd: options.cwd, env: { ...process.env, ...options.env }, maxBuffer: MOST_BYTES },
      (error, stdout, stderr) => {
        if (error === null) resolve({ code: 0, stdout, stderr });
        else if (typeof error.code === 'number') resolve({ code: error.code, stdout, stderr });
        else reject(error);
      },
    );
    // Who ends without having read it all has its reasons; its exit code tells.
    child.stdin?.on('error', () => {});
    child.stdin?.end(options.input ?? '');
  });
}

/** Runs a program that has to exit 0, and answers its standard output without the last line's end. */
export async function run(
  program: string,
  args: readonly string[],
  options: RunOptions = {},
): Promise<string> {
  const { code, stdout, stderr } = await outcomeOf(program, args, options);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} exited ${code}: ${stderr || stdout}`);
  return stdout.trimEnd();
}
