/** Letters of canvases, which style sheets do not reach. */
export const sansFont = 'system-ui, "Segoe UI", "Noto Sans", "DejaVu Sans", sans-serif';
export const monoFont = 'ui-monospace, "Cascadia Mono", "DejaVu Sans Mono", Menlo, monospace';
