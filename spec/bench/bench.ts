/** What all sections share: one PostgreSQL, one made-up workspace. */
import type { LocalSlack } from '../workspace/local-slack.ts';
import { type DatabaseServer, startDatabaseServer } from './database-server.ts';
import { startWorkspace, type Team } from './team.ts';

export interface Bench {
  readonly server: DatabaseServer;
  readonly workspace: LocalSlack;
  readonly team: Team;
}

export async function openBench(): Promise<Bench & { close(): Promise<void> }> {
  const { slack: workspace, team } = await startWorkspace();
  const server = await startDatabaseServer(workspace);
  return {
    server,
    workspace,
    team,
    close: async () => {
      await server.stop();
      await workspace.close();
    },
  };
}
