export function checkBlocks(_blocks: unknown, _surface: 'message' | 'modal' | 'home'): string[] {
  return [];
}
export function checkView(_view: unknown): string[] {
  return [];
}
