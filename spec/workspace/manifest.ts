import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

export interface Manifest {
  readonly scopes: readonly string[];
  readonly optionalScopes: readonly string[];
  readonly events: ReadonlySet<string>;
  readonly commands: ReadonlySet<string>;
  readonly shortcuts: ReadonlyMap<string, 'message' | 'global'>;
  /** What the client shows beside a command, and a shortcut's name by its callback id. */
  readonly hints: ReadonlyMap<string, string>;
  readonly shortcutNames: ReadonlyMap<string, string>;
  readonly isInteractive: boolean;
  readonly hasHomeTab: boolean;
}

interface ManifestFile {
  features: {
    app_home: { home_tab_enabled: boolean };
    shortcuts: { name: string; type: 'message' | 'global'; callback_id: string }[];
    slash_commands: { command: string; usage_hint?: string }[];
  };
  oauth_config: { scopes: { bot: string[]; bot_optional?: string[] } };
  settings: { event_subscriptions: { bot_events: string[] }; interactivity: { is_enabled: boolean } };
}

/** The app as an operator installs it: what the manifest does not ask for, the local Slack does not give. */
export function readManifest(
  file: URL = new URL('../../config/slack-app-manifest.yaml', import.meta.url),
): Manifest {
  const manifest: ManifestFile = parse(readFileSync(file, 'utf8'));
  return {
    scopes: manifest.oauth_config.scopes.bot,
    optionalScopes: manifest.oauth_config.scopes.bot_optional ?? [],
    events: new Set(manifest.settings.event_subscriptions.bot_events),
    commands: new Set(manifest.features.slash_commands.map((each) => each.command)),
    shortcuts: new Map(manifest.features.shortcuts.map((each) => [each.callback_id, each.type])),
    hints: new Map(manifest.features.slash_commands.map((each) => [each.command, each.usage_hint ?? ''])),
    shortcutNames: new Map(manifest.features.shortcuts.map((each) => [each.callback_id, each.name])),
    isInteractive: manifest.settings.interactivity.is_enabled,
    hasHomeTab: manifest.features.app_home.home_tab_enabled,
  };
}
