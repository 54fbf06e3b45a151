/** What the site draws charts with, and no more of it. Loaded when a chart is to be drawn: `Chart` alone imports this, and hands it on. */
export { barX, barY, dot, gridX, gridY, line, lineY, plot, pointer, pointerX, pointerY, rectY, ruleY, selectLast, text, tip } from '@observablehq/plot';
