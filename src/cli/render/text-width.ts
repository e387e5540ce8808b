import { stripVTControlCharacters } from 'node:util';

const plainAscii = /^[\u0020-\u007e]*$/;
/** Drawn upon the character before, or not at all: accents, joiners, variation selectors. */
const invisible = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u;
const wide =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Bopomofo}\p{Script=Yi}\u3000-\u303e\uff01-\uff60\uffe0-\uffe6\p{Emoji_Presentation}]$/u;
const narrowKatakanaAndHangul = /^[\uff61-\uffdc]$/u;
/** Half of a flag: two of them make one wide character. */
const regionalIndicator = /^\p{Regional_Indicator}$/u;
const zeroWidthJoiner = '\u200d';
const emojiSelector = '\ufe0f';

/**
 * Number of terminal columns that a text takes; colours take none.
 *
 * The build puts this in the place of the package string-width, for yargs too: loading that package and its first
 * calls take as long as half a start of Node, because they set up Intl.Segmenter.
 */
export default function textWidth(text: string): number {
  if (plainAscii.test(text)) return text.length;
  const visible = stripVTControlCharacters(text);
  let width = 0;
  let before = { character: '', width: 0 };
  for (const character of visible) {
    const own = widthOf(character, before.character);
    // A heart is narrow, and wide once the selector asks for the emoji.
    const added = character === emojiSelector && before.width === 1 ? 1 : own;
    width += added;
    before = { character, width: added };
  }
  return width;
}

function widthOf(character: string, before: string): number {
  if (before === zeroWidthJoiner || invisible.test(character)) return 0;
  if (regionalIndicator.test(character)) return 1;
  return wide.test(character) && !narrowKatakanaAndHangul.test(character) ? 2 : 1;
}
