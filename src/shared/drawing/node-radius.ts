/** Half a node, in the measure of the field that nodes are placed on. */
export const nodeRadius = 30;
