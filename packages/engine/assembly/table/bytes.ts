/** Bytes that mean something in a table of delimited text. */
export const LINE_FEED: u8 = 10;
export const CARRIAGE_RETURN: u8 = 13;
export const QUOTE: u8 = 34;
export const COMMA: u8 = 44;
